/**
 * The host as the screen uses it: a mirrored view, calls, and the state of the line. What is behind it (a socket, a fake) is not known here.
 */
import type { Event } from '../base/event.ts';
import type { Disposable } from '../base/lifecycle.ts';
import type { CallOptions } from '../client/host-connection.ts';
import type { HostEvent } from '../protocol/events.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import type { View } from '../protocol/view.ts';

export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** Lost; it is tried again by itself. `starting`: somebody asked for a host, and it is on its way. */
  | { readonly kind: 'lost'; readonly message: string; readonly attempt: number; readonly starting?: 'a host' };

/** What changed: one event, or everything after the first or a new snapshot. */
export type ViewChange = HostEvent | { readonly type: 'snapshot' };

export interface HostPort extends Disposable {
  readonly view: View;
  readonly link: LinkState;
  readonly onChange: Event<ViewChange>;
  readonly onLink: Event<LinkState>;
  /** Rejects with an Error whose message is one sentence for the operator. */
  call<Name extends MethodName>(method: Name, params: Params<Name>, options?: CallOptions): Promise<Result<Name>>;
  /** Tries again now and starts a host when none runs. */
  reconnect(): void;
}
