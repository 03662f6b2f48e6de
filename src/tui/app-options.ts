/**
 * What the application is given: the terminal, the host, and how things outside of it are called. Data only.
 */
import type { Clock } from '../base/clock.ts';
import type { HostPort } from './host-port.ts';
import type { KeyName } from './keymap.ts';
import type { Glyphs } from './present/page.ts';
import type { ScreenWords } from './screen-model.ts';
import type { SignalSettings } from './waiting-signal.ts';
import type { Terminal } from './widgets/screen.ts';

export interface AppOptions {
  readonly terminal: Terminal;
  readonly host: HostPort;
  readonly clock: Clock;
  /** ctrl-b, or another where that is taken. */
  readonly prefix: KeyName;
  readonly cardDeafMs: number;
  readonly session: string | null;
  readonly glyphs?: Glyphs;
  /** How the operator is called when something waits; default: the bell alone. */
  readonly signals?: SignalSettings;
  /** The program as a command line begins it, for this home; `signalbox` when absent. */
  readonly program?: string;
  /** The command that brings this screen back; `signalbox attach` when absent. */
  readonly comeBack?: string;
}

export function toScreenWords({ prefix, program, comeBack }: AppOptions): ScreenWords {
  return { prefix, program: program ?? 'signalbox', comeBack: comeBack ?? 'signalbox attach' };
}
