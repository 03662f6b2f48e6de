/**
 * The views of the screen, where can be searched, and how things outside of it are called. Names only.
 */
import type { KeyName } from './keymap.ts';

export const viewNames = ['workspace', 'approvals', 'audit', 'servers', 'agents', 'sessions'] as const;
export type ViewName = (typeof viewNames)[number];

/** Where `/` searches. */
export type SearchPlace = 'conversation' | 'audit' | 'servers' | 'agents' | 'sessions' | `pane:${string}`;

/** How things outside of the screen are called on it. */
export interface ScreenWords {
  readonly prefix: KeyName;
  /** The program as a command line begins it, for this home. */
  readonly program: string;
  /** The command that brings this screen back. */
  readonly comeBack: string;
  /** What of its environment a shell on a server is offered; nothing when absent. */
  readonly shellEnvironment?: Readonly<Record<string, string>>;
}
