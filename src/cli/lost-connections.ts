/** Beside the output of what outlives its connection: that this is lost, and that it is there again. Asks nobody. */
import type { Disposable } from '../base/lifecycle.ts';
import type { Mirror } from '../client/mirror.ts';
import { toSafeLine } from './safe-text.ts';

/** One operation of ours, and who hears of its connection. */
export interface ConnectionWatch {
  readonly servers: readonly string[];
  readonly operation: string;
  /** Of the operation, without its server. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly note: (server: string, sentence: string) => void;
}

export function tellLostConnections(
  { servers, operation, input, note }: ConnectionWatch,
  mirror: Pick<Mirror, 'view' | 'onChange'>,
): Disposable {
  const isDurable = operation === 'durable_command' || input['durable'] === true;
  const goesOn = isDurable ? '; the command goes on there' : '';
  const lost = new Set<string>();
  const look = (): void => {
    for (const id of servers) {
      const { state, retryAtMs } = mirror.view.servers[id] ?? {};
      if (retryAtMs != null && !lost.has(id)) {
        lost.add(id);
        note(id, `signalbox: The connection to ${toSafeLine(id)} is lost${goesOn}. Trying again.`);
      } else if (state === 'connected' && retryAtMs == null && lost.delete(id))
        note(id, `signalbox: The connection to ${toSafeLine(id)} is there again.`);
    }
  };
  look();
  return mirror.onChange(({ event }) => {
    if (event.type === 'server.changed' || event.type === 'servers.replaced') look();
  });
}
