/** A client's copy of the host's view: one snapshot, then events through the same function the host uses. Holds no truth of its own. */
import { Emitter, type Event } from '../base/event.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { HostEvent } from '../protocol/events.ts';
import { reduce } from '../protocol/reduce.ts';
import type { View } from '../protocol/view.ts';
import type { HostConnection } from './host-connection.ts';
import { HostError } from './host-error.ts';

export interface Mirror extends Disposable {
  readonly view: View;
  /** Number of the last event that is in the view. */
  readonly seq: number;
  /** After each event; the view has it already. */
  readonly onChange: Event<{ readonly view: View; readonly event: HostEvent }>;
}

/** Attaches to the host. When events go missing the connection is closed: whoever uses it attaches anew. */
export async function attach(connection: HostConnection): Promise<Mirror> {
  const early: { readonly seq: number; readonly event: HostEvent }[] = [];
  let receive = (published: { readonly seq: number; readonly event: HostEvent }): void => void early.push(published);
  const subscription = connection.onEvent((published) => receive(published));
  let view: View;
  let seq: number;
  try {
    ({ view, seq } = await connection.call('view.attach', {}));
  } catch (error) {
    subscription.dispose();
    throw error;
  }
  const changed = new Emitter<{ readonly view: View; readonly event: HostEvent }>();
  receive = (published) => {
    if (published.seq <= seq) return;
    if (published.seq !== seq + 1) {
      // Whoever shows the mirror hears of it as of any other end of the connection, and attaches anew.
      connection.close(`events ${seq + 1} to ${published.seq - 1} are missing`);
      return;
    }
    seq = published.seq;
    view = reduce(view, published.event);
    changed.fire({ view, event: published.event });
  };
  for (const published of early) receive(published);
  if (connection.isClosed) throw new HostError('CONNECTION_LOST', 'The host went away, or left out events; try again.');
  return {
    get view() {
      return view;
    },
    get seq() {
      return seq;
    },
    onChange: changed.event,
    dispose() {
      subscription.dispose();
      changed.dispose();
    },
  };
}
