/**
 * What a channel still says once its connection has ended (that it closes, for one). Without compression ssh2 drops it; with compression on, it
 * throws where nobody can catch it, and takes the host with it.
 */
import type { Client } from 'ssh2';

/** Drops it in either case, also after keys were exchanged anew. After `connect`. */
export function dropWhatComesTooLate(client: Client): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const end: unknown = Reflect.get(Object(protocol), '_destruct');
  if (typeof end !== 'function') return;
  // ssh2 calls it once, and then takes it away by itself.
  Reflect.set(Object(protocol), '_destruct', (reason: unknown) => {
    Reflect.apply(end, protocol, [reason]);
    Reflect.set(Object(Reflect.get(Object(protocol), '_packetRW')), 'write', tooLate);
  });
}

/** In place of what packs messages. The cipher behind it drops all that it is given by then. */
const tooLate = {
  allocStart: 0,
  allocStartKEX: 0,
  alloc: (bytes: number): Buffer => Buffer.alloc(bytes),
  finalize: (packet: Buffer): Buffer => packet,
  cleanup: (): void => undefined,
};
