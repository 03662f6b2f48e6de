/** The door through which an agent's tool client speaks to the gate, as the host sees it. Which protocol is spoken behind it is an adapter's business. */
import type { Duplex } from 'node:stream';
import type { Disposable } from '../base/lifecycle.ts';
import type { Caller } from './caller.ts';

/** How the bridge that an agent starts learns its door: through the environment, since argument lists can be read by every user. */
export const toolSocketVariable = 'SIGNALBOX_TOOL_SOCKET';
export const toolTokenVariable = 'SIGNALBOX_TOOL_TOKEN';

export interface ToolDoorHooks {
  /** The client asked which tools there are: proof that its side of the connection works. */
  onToolsListed?(): void;
  /** What the agent must know beside the answer to its call (a change of it was rolled back); each sentence is given out once. */
  takeNews?(): readonly string[];
}

export interface ToolDoor {
  /** Serves one client until either side ends. `caller` was proven by the token that opened the stream; disposing withdraws what waits. */
  serve(stream: Duplex, caller: Caller, hooks?: ToolDoorHooks): Disposable;
}
