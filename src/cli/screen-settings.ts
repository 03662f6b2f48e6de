/**
 * What `config.json` and the environment say about the screen, read without anything that would delay the first frame. What is wrong has no
 * effect there; the sentence about it is found afterwards.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Paths } from '../core/paths.ts';
import { type ConfiguredKeys, toConfiguredKeys } from '../tui/keymap-config.ts';
import { darkTheme, type Theme } from '../tui/theme.ts';
import type { SignalSettings } from '../tui/waiting-signal.ts';
import { readColorFgBg } from '../tui/widgets/background-color.ts';
import { detectNotificationForm } from '../tui/widgets/notification-sequence.ts';
import { autoTheme, findTheme } from './screen-themes.ts';

export interface ScreenSettings {
  readonly theme: Theme;
  /** As it was chosen; `auto` when nobody chose. */
  readonly themeName: string;
  /** What is known of the terminal's background without asking it. */
  readonly background: 'light' | 'dark';
  readonly prefix: string;
  readonly keys: ConfiguredKeys;
  readonly ascii: boolean;
  /** What is written to agents is kept for the next screen. */
  readonly keepsPrompts: boolean;
  readonly signals: SignalSettings;
  /** One sentence each about what of this is not used. */
  readonly problems: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Never throws: a screen that starts with defaults and says why is of more use than none. `config` is the folder of `config.json`; `themeName`
 * goes before what is written there.
 */
export function readScreenSettings(
  configFile: string,
  config: string,
  env: NodeJS.ProcessEnv,
  themeName?: string,
): ScreenSettings {
  const settings = toFields(readJson(configFile));
  const screen = toFields(settings['screen']);
  const prefix = toPrefix(screen['prefix'], env);
  const keys = toConfiguredKeys(screen['keys'], prefix);
  const background = readColorFgBg(env['COLORFGBG']) ?? 'dark';
  const theme = readTheme(themeName ?? screen['theme'], background, config);
  return {
    ...{ theme: theme.theme, themeName: theme.name, background, prefix, keys },
    ascii: screen['characters'] === 'ascii',
    keepsPrompts: screen['keepPrompts'] !== false,
    signals: toSignals(toFields(settings['notify']), env),
    problems: [...theme.problems, ...keys.problems],
  };
}

/** The key before tmux's letters: as configured, else tmux's own where tmux has not taken it. */
function toPrefix(wanted: unknown, env: NodeJS.ProcessEnv): string {
  if (typeof wanted === 'string' && /^(ctrl|alt)-.$/.test(wanted)) return wanted;
  return env['TMUX'] ? 'ctrl-]' : 'ctrl-b';
}

/**
 * One sentence about what of `config.json` the screen could not use, or of the program's own files nobody can; null when all is well. Loads the
 * schema and reads files, so it is asked after the first frame.
 */
export async function findScreenProblem(paths: Paths, ofSettings: readonly string[]): Promise<string | null> {
  const { configFile } = paths;
  const { findBrokenFiles } = await import('../runtime/broken-files.ts');
  const problems = [...ofSettings, ...(await findBrokenFiles(paths)).map(({ problem }) => problem)];
  try {
    if (statSync(configFile, { throwIfNoEntry: false }) !== undefined) {
      const { readSettings } = await import('../runtime/settings.ts');
      await readSettings(configFile);
    }
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more: \`signalbox doctor\` lists them)` : '';
    return problems.length === 0 ? null : `${problems[0]}${more}`;
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

interface ReadTheme {
  readonly theme: Theme;
  readonly name: string;
  readonly problems: readonly string[];
}

/** A name that is no text is the schema's to complain about. */
function readTheme(wanted: unknown, background: 'light' | 'dark', config: string): ReadTheme {
  const name = typeof wanted === 'string' && /^[\w-]+$/.test(wanted) ? wanted : autoTheme;
  const { theme, problem } = findTheme(name === autoTheme ? background : name, config);
  if (theme) return { theme, name, problems: [] };
  return { theme: darkTheme, name, problems: [`${problem} The screen uses the theme "${darkTheme.name}".`] };
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
