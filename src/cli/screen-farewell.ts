/** The lines that a screen leaves behind when it is detached: what runs on, and how to come back to it. Pure. */
import type { View } from '../protocol/view.ts';

/** How the demo is shown again and ended, as this one was started. */
export interface DemoCommands {
  readonly back: string;
  readonly stop: string;
  /** What starts the program with the operator's own servers. */
  readonly own: string;
}

/**
 * @param view null when there was no host: what it said last is not true any more
 * @param demo null for the operator's own host
 */
export function toFarewell(view: Pick<View, 'sessions' | 'shells'> | null, demo: DemoCommands | null): string {
  if (view === null) return `Detached; no host runs. \`${demo?.back ?? 'signalbox'}\` starts one.`;
  const { sessions, shells } = view;
  const hasSessions = Object.keys(sessions).length > 0;
  const hasShells = Object.values(shells).some(({ state }) => state !== 'ended');
  const end = demo === null ? '' : toNextSteps(demo);
  if (!hasSessions && !hasShells)
    return `Detached; no session and no shell is open. \`${demo?.back ?? 'signalbox'}\` opens the screen again.${end}`;
  const what = !hasSessions ? 'shells' : hasShells ? 'agents, commands and shells' : 'agents and commands';
  const runsOn = `Detached; ${what} run on.`;
  const back = `\`${demo?.back ?? 'signalbox attach'}\` brings the screen back.`;
  // A terminal of 80 columns would break it in the middle of a word.
  return `${runsOn}${runsOn.length + back.length < 80 ? ' ' : '\n'}${back}${end}`;
}

/** What one may do after the demo; a line each, so that no command is broken in a narrow terminal. */
function toNextSteps({ back, stop, own }: DemoCommands): string {
  return `\n\`${stop}\` ends it, after which \`${back}\` starts it anew.\n\`${own}\` begins with your own servers.`;
}

/** In the words that were used: from a clone the demo is a script of npm, and there may be no program of our name. */
export function toDemoCommands(env: NodeJS.ProcessEnv): DemoCommands {
  const isScript = env['npm_lifecycle_event'] === 'demo';
  return isScript
    ? { back: 'npm run demo', stop: 'npm run demo -- --stop', own: 'node dist/main.cjs' }
    : { back: 'signalbox demo', stop: 'signalbox demo --stop', own: 'signalbox' };
}
