/**
 * What the application is given: the terminal, the host, and how things outside of it are called. Data only.
 */
import type { Clock } from '../base/clock.ts';
import type { HostPort } from './host-port.ts';
import type { KeyName } from './keymap.ts';
import type { LocalPrograms } from './local-programs.ts';
import type { PlacementStore } from './placements.ts';
import type { Glyphs } from './present/page.ts';
import type { PromptStore } from './prompt-memory.ts';
import type { ScreenWords } from './screen-model.ts';
import type { ThemeChoice } from './theme-choice.ts';
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
  /** The server whose shell is shown first, a new one where there is none; absent: the session is. */
  readonly shellOn?: string;
  /** Where the places of panes outlive this screen; absent where they do not. */
  readonly placements?: PlacementStore;
  readonly glyphs?: Glyphs;
  /** How the operator is called when something waits; default: the bell alone. */
  readonly signals?: SignalSettings;
  /** The program as a command line begins it, for this home; `signalbox` when absent. */
  readonly program?: string;
  /** Absent where no program can be started from the screen. */
  readonly programs?: LocalPrograms;
  /** Absent where prompts and drafts are forgotten with the screen. */
  readonly prompts?: PromptStore;
  /** Absent where there is no other theme to choose. */
  readonly themes?: ThemeChoice;
  /** The command that brings this screen back; `signalbox attach` when absent. */
  readonly comeBack?: string;
  /** What of the environment shells are offered; nothing when absent. */
  readonly shellEnvironment?: Readonly<Record<string, string>>;
}

export function toScreenWords({ prefix, program, comeBack, shellEnvironment }: AppOptions): ScreenWords {
  return {
    ...{ prefix, program: program ?? 'signalbox', comeBack: comeBack ?? 'signalbox attach' },
    shellEnvironment: shellEnvironment ?? {},
  };
}
