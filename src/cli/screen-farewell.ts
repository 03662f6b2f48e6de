/** The line that a screen leaves behind when it is detached: what runs on, and how to come back to it. Pure. */
import type { View } from '../protocol/view.ts';

/** How the demo is shown again and ended, as this one was started. */
export interface DemoCommands {
  readonly back: string;
  readonly stop: string;
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
  const end = demo === null ? '' : ` \`${demo.stop}\` ends it.`;
  if (!hasSessions && !hasShells)
    return `Detached; nothing runs on. \`${demo?.back ?? 'signalbox'}\` opens the screen again.${end}`;
  const what = !hasSessions ? 'shells' : hasShells ? 'agents, commands and shells' : 'agents and commands';
  return `Detached; ${what} run on. \`${demo?.back ?? 'signalbox attach'}\` brings the screen back.${end}`;
}

/** In the words that were used: from a clone the demo is a script of npm, and there may be no program of our name. */
export function toDemoCommands(env: NodeJS.ProcessEnv): DemoCommands {
  const isScript = env['npm_lifecycle_event'] === 'demo';
  return isScript
    ? { back: 'npm run demo', stop: 'npm run demo -- --stop' }
    : { back: 'signalbox demo', stop: 'signalbox demo --stop' };
}
