/** Who asks: every request names its caller, and the gate believes only what the door it came through has proven. */

export type Origin =
  /** An agent of one of our sessions. */
  | 'agent'
  /** A person at a screen or at the command line. */
  | 'operator'
  /** An MCP client, a program outside of signalbox that uses our tools: never contained. */
  | 'external'
  /** signalbox itself (probes). */
  | 'program';

export type Door = 'mcp' | 'acp' | 'cli' | 'screen' | 'engine';

export interface Caller {
  readonly origin: Origin;
  readonly door: Door;
  /** Session id; null for an operator's own action outside of a session. */
  readonly session: string | null;
  /** Catalogue id of the agent, or null. */
  readonly agent: string | null;
  /** Servers in scope: ids, or 'all' for an operator. */
  readonly servers: readonly string[] | 'all';
  /** Root of the workspace, absolute; null without one. Fixed for the session or call. */
  readonly workspace: string | null;
  /** Nothing but reads can run. */
  readonly readonly: boolean;
}
