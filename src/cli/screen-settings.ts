/**
 * What `config.json` and the environment say about the screen, read without anything that would delay the first frame. What is wrong has no
 * effect there; the sentence about it is found afterwards.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { darkTheme, parseTheme, type Theme } from '../tui/theme.ts';
import type { SignalSettings } from '../tui/waiting-signal.ts';
import { detectNotificationForm } from '../tui/widgets/notification-sequence.ts';
import { packageFolder } from './version.ts';

export interface ScreenSettings {
  readonly theme: Theme;
  /** Null when none is named, or none that could be a key. */
  readonly prefix: string | null;
  readonly ascii: boolean;
  readonly signals: SignalSettings;
  /** Why the named theme is not used; null when it is. */
  readonly themeProblem: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Never throws: a screen that starts with defaults and says why is of more use than none. `config` is the folder of `config.json`. */
export function readScreenSettings(configFile: string, config: string, env: NodeJS.ProcessEnv): ScreenSettings {
  const settings = toFields(readJson(configFile));
  const screen = toFields(settings['screen']);
  const prefix = screen['prefix'];
  return {
    ...readTheme(screen['theme'], config),
    prefix: typeof prefix === 'string' && /^(ctrl|alt)-.$/.test(prefix) ? prefix : null,
    ascii: screen['characters'] === 'ascii',
    signals: toSignals(toFields(settings['notify']), env),
  };
}

/** One sentence about what of `config.json` the screen could not use, or null. Loads the schema, so it is asked after the first frame. */
export async function findScreenProblem(configFile: string, themeProblem: string | null): Promise<string | null> {
  const { readSettings } = await import('../runtime/settings.ts');
  try {
    await readSettings(configFile);
    return themeProblem;
  } catch (error) {
    // What is wrong comes first: the line has room for some eighty characters, and a path may take them all.
    const sentence = (error as Error).message.replace(configFile, basename(configFile));
    return `${sentence} The screen goes on without it.`;
  }
}

function toSignals(notify: Fields, env: NodeJS.ProcessEnv): SignalSettings {
  const form = notify['osc'];
  const named = form === '9' || form === '777' || form === '99' ? form : detectNotificationForm(env);
  return {
    bell: notify['bell'] === false ? 'silent' : 'bell',
    notification: form === false ? null : named,
    multiplexer: env.TMUX ? 'tmux' : 'none',
  };
}

/** The user's own theme of that name, else ours, else the built-in. */
function readTheme(name: unknown, config: string): Pick<ScreenSettings, 'theme' | 'themeProblem'> {
  const builtIn = (themeProblem: string | null) => ({ theme: darkTheme, themeProblem });
  if (typeof name !== 'string' || name === darkTheme.name || !/^[\w-]+$/.test(name)) return builtIn(null);
  const folders = [join(config, 'themes'), join(packageFolder(), 'themes')];
  for (const folder of folders) {
    const file = join(folder, `${name}.json`);
    const value = readJson(file);
    if (value === null) continue;
    try {
      return { theme: parseTheme(value, file), themeProblem: null };
    } catch (error) {
      return builtIn(`${(error as Error).message} The screen uses the theme "${darkTheme.name}".`);
    }
  }
  return builtIn(
    `There is no readable theme "${name}" in ${folders.join(' or ')}; the screen uses "${darkTheme.name}".`,
  );
}

function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    // No such file, or no JSON: findScreenProblem and the theme's own sentence name it.
    return null;
  }
}
