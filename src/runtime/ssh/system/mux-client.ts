/**
 * The channels of a connection that the system's ssh holds, as a client of ssh2 that is logged in. The master of OpenSSH's connection sharing takes
 * one client that speaks the connection protocol itself (PROTOCOL.mux of OpenSSH, "proxy"): messages of RFC 4254 as packets
 * that nobody enciphers, in both directions over its socket. ssh2 is put into that state without its handshake.
 */
import { connect, type Socket } from 'node:net';
import ssh2, { type Client } from 'ssh2';
import { toWireString, toWireUint32, WireReader } from '../certificates/wire.ts';

/** Opens the socket of a master and asks it for its channels. Throws when it is not there or refuses, and the reason of `late` when that is aborted. */
export function openMux(path: string, late: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let pending = Buffer.alloc(0);
    const fail = (error: Error): void => {
      late.removeEventListener('abort', handleLate);
      socket.destroy();
      reject(error);
    };
    const handleLate = (): void => fail(late.reason);
    late.addEventListener('abort', handleLate);
    const handleClose = (): void => fail(new Error('It closed its socket.'));
    socket.once('error', fail);
    socket.once('close', handleClose);
    socket.on('data', function handleData(chunk: Buffer) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 8) {
        const end = 4 + pending.readUInt32BE();
        if (pending.length < end) return;
        const reader = new WireReader(pending.subarray(4, end));
        pending = pending.subarray(end);
        const [type, value] = [reader.uint32(), reader.uint32()];
        if (type === hello && value === version) continue;
        if (type !== proxyGranted) return fail(new Error('It does not share its connection in this way.'));
        late.removeEventListener('abort', handleLate);
        socket.off('error', fail).off('close', handleClose).off('data', handleData);
        socket.pause();
        if (pending.length > 0) socket.unshift(pending);
        return resolve(socket);
      }
    });
    socket.write(Buffer.concat([toMessage(hello, version), toMessage(proxyWanted, 0)]));
  });
}

/** `identification` is the server's line, by which ssh2 knows what OpenSSH can do. Throws when ssh2 is not built as it was when this was written. */
export function toMuxClient(socket: Socket, identification: string): Client {
  const client = new ssh2.Client();
  client.connect({ sock: socket, username: '', authHandler: () => undefined, readyTimeout: 0 });
  // Nothing has been sent or read yet: ssh2 begins a turn later.
  const protocol = toObject(Reflect.get(client, '_protocol'));
  const cipher = toObject(Reflect.get(protocol, '_cipher'));
  const onHeader = Reflect.get(protocol, '_onHeader');
  const onPayload = Reflect.get(protocol, '_onPayload');
  const isKnown = ['start', '_parse', 'ping'].every((name) => typeof Reflect.get(protocol, name) === 'function');
  if (!isKnown || typeof onHeader !== 'function' || typeof onPayload !== 'function' || !('allocPacket' in cipher))
    throw new Error('ssh2 is not built as it is known here.');
  const packets = new PacketReader((payload) => void onPayload.call(protocol, payload));
  Reflect.set(protocol, 'start', () => undefined);
  Reflect.set(protocol, '_parse', (chunk: Buffer, from: number, end: number) => {
    packets.read(chunk.subarray(from, end));
    return end;
  });
  Reflect.set(protocol, '_remoteIdentRaw', Buffer.from(identification, 'latin1'));
  onHeader.call(protocol, { greeting: '', versions: { software: /^SSH-[^-]+-(\S*)/.exec(identification)?.[1] ?? '' } });
  Reflect.set(cipher, 'allocPacket', toPacket);
  Reflect.set(protocol, 'ping', () => ping(client, protocol));
  return client;
}

/** A message that the server reads over (RFC 4253, section 11.2). */
export function sendIgnored(client: Client): void {
  const cipher = toObject(Reflect.get(toObject(Reflect.get(client, '_protocol')), '_cipher'));
  const send = Reflect.get(cipher, 'encrypt');
  const packet = toPacket(5);
  packet.set([ignore, 0, 0, 0, 0], 5);
  if (typeof send === 'function') send.call(cipher, packet);
}

/** A packet of this length without padding: of what follows the length and the type, the master forwards every byte. */
function toPacket(payloadBytes: number): Buffer {
  const packet = Buffer.allocUnsafe(5 + payloadBytes);
  packet.writeUInt32BE(payloadBytes + 1);
  packet[4] = 0;
  return packet;
}

/**
 * The master refuses the request that ssh2 measures the round trip with, since it sends one of its own to find a dead line. So it goes to an open
 * channel instead, which answers as well (RFC 4254, section 5.4); without one, a channel is asked for that no server has, a few times only:
 * the master never forgets a refused one.
 */
function ping(client: Client, protocol: object): void {
  const waiting: unknown = Reflect.get(client, '_callbacks');
  const send = Reflect.get(toObject(Reflect.get(protocol, '_cipher')), 'encrypt');
  const manager = toObject(Reflect.get(client, '_chanMgr'));
  if (!Array.isArray(waiting) || typeof send !== 'function') return;
  // Whoever pings has just put its callback there.
  const answer: unknown = waiting.pop();
  if (typeof answer !== 'function') return;
  const sendPayload = (payload: Buffer): void => {
    const packet = toPacket(payload.length);
    payload.copy(packet, 5);
    send.call(Reflect.get(protocol, '_cipher'), packet);
  };
  const channel = Object.values(toObject(Reflect.get(manager, '_channels'))).find(isOpenChannel);
  if (channel) {
    channel._callbacks.push(() => answer(true));
    const id = toWireUint32(channel.outgoing.id);
    sendPayload(Buffer.concat([Buffer.from([channelRequest]), id, toWireString(pingName), Buffer.from([1])]));
    return;
  }
  const asked = askedInVain.get(client) ?? 0;
  const add = Reflect.get(manager, 'add');
  if (asked >= askedInVainMax || typeof add !== 'function') return;
  askedInVain.set(client, asked + 1);
  const id: unknown = add.call(
    manager,
    Object.assign(() => answer(true), { type: 'session' }),
  );
  if (typeof id !== 'number' || id < 0) return;
  const sizes = Buffer.alloc(8);
  sendPayload(Buffer.concat([Buffer.from([channelOpen]), toWireString(pingName), toWireUint32(id), sizes]));
}

interface OpenChannel {
  readonly outgoing: { readonly id: number };
  readonly _callbacks: (() => void)[];
}

function isOpenChannel(value: unknown): value is OpenChannel {
  const outgoing: unknown = Reflect.get(Object(value), 'outgoing');
  const isOpen = Reflect.get(Object(outgoing), 'state') === 'open';
  return isOpen && Array.isArray(Reflect.get(Object(value), '_callbacks'));
}

/** Hands over each payload once it is whole. */
class PacketReader {
  readonly #onPayload: (payload: Buffer) => void;
  #pending: Buffer = Buffer.alloc(0);

  constructor(onPayload: (payload: Buffer) => void) {
    this.#onPayload = onPayload;
  }

  read(chunk: Buffer): void {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (rest.length >= 4) {
      const end = 4 + rest.readUInt32BE();
      if (rest.length < end) break;
      // Between the length and the message stands the length of the padding, of which there is none.
      const payload = rest.subarray(5, end);
      rest = rest.subarray(end);
      this.#onPayload(payload);
    }
    this.#pending = rest;
  }
}

function toMessage(type: number, value: number): Buffer {
  return toWireString(Buffer.concat([toWireUint32(type), toWireUint32(value)]));
}

function toObject(value: unknown): object {
  return Object(value);
}

// Of PROTOCOL.mux.
const hello = 0x00000001;
const version = 4;
const proxyWanted = 0x1000000f;
const proxyGranted = 0x8000000f;

// Of RFC 4250, section 4.1.2.
const ignore = 2;
const channelOpen = 90;
const channelRequest = 98;
const pingName = 'keepalive@openssh.com';

const askedInVain = new WeakMap<Client, number>();
const askedInVainMax = 3;
