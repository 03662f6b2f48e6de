/** The screen itself: takes the terminal, draws the first frame, then connects. Loads nothing that the first frame does not need. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../base/clock.ts';
import { HostError } from '../../client/host-error.ts';
import { codes } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { toPaths } from '../../runtime/paths.ts';
import { App, type AppEnd } from '../../tui/app.ts';
import { HostLink } from '../../tui/host-link.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../tui/present/page.ts';
import { darkTheme, parseTheme, type Theme } from '../../tui/theme.ts';
import { detectColorDepth } from '../../tui/theme-color.ts';
import type { SignalSettings } from '../../tui/waiting-signal.ts';
import { detectNotificationForm } from '../../tui/widgets/notification-sequence.ts';
import { openTerminal } from '../../tui/widgets/screen.ts';
import { exitCodes, toExitCode } from '../exit-codes.ts';
import { toSafeLine } from '../safe-text.ts';
import { packageFolder, readVersion } from '../version.ts';

export interface ScreenOptions {
  /** The session to show first; otherwise the newest. */
  readonly session?: string;
  readonly demo?: boolean;
  readonly ascii?: boolean;
}

/** What `config.json` says about the screen. The host refuses a bad file with a sentence; here it only has no effect. */
interface ScreenSettings {
  readonly theme: string | null;
  readonly prefix: string | null;
  readonly ascii: boolean;
  readonly signals: SignalSettings;
}

/** Returns the exit code. The terminal is restored, and one line says how to come back. */
export async function runScreen(options: ScreenOptions = {}): Promise<number> {
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    process.stderr.write('signalbox: the screen needs a terminal; `signalbox --help` lists what works without one.\n');
    return exitCodes.usage;
  }
  const paths = toPaths(env);
  const version = readVersion();
  const settings = readScreenSettings(paths.configFile, env);
  const isAscii = options.ascii === true || settings.ascii || !isUtf8(env);
  const terminal = openTerminal({
    ...{ input: stdin, output: stdout, theme: readTheme(settings.theme, paths.config) },
    ...{ colors: detectColorDepth(env), borders: isAscii ? 'ascii' : 'round' },
  });
  const host = new HostLink({
    clock: systemClock,
    version,
    connect: async (start) => {
      const { connect } = await import('../../client/connect.ts');
      const command = options.demo ? { hostCommand: [process.execPath, process.argv[1] ?? '', 'demo-host'] } : {};
      return await connect({ paths, cwd: process.cwd(), client: 'screen', version, start, ...command });
    },
  });
  const app = new App({
    ...{ terminal, host, clock: systemClock, cardDeafMs: limits.cardDeafMs, session: options.session ?? null },
    prefix: settings.prefix ?? (env.TMUX ? 'ctrl-]' : 'ctrl-b'),
    glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
    signals: settings.signals,
  });
  terminal.renderNow();
  try {
    return await useScreen(app, host, options);
  } finally {
    app.dispose();
    host.dispose();
    terminal.dispose();
  }
}

async function useScreen(app: App, host: HostLink, options: ScreenOptions): Promise<number> {
  let end: AppEnd;
  try {
    const ended = await Promise.race([app.finished, host.start().then(() => null)]);
    end = ended ?? (await app.finished);
  } catch (error) {
    app.leave();
    process.stderr.write(`signalbox: ${toSafeLine((error as Error).message)}\n`);
    const code = error instanceof HostError ? codes.find((known) => known === error.code) : undefined;
    return code ? toExitCode(code) : exitCodes.bug;
  }
  app.leave();
  if (end === 'detached') {
    const back = options.demo ? '`signalbox demo`' : '`signalbox attach`';
    process.stdout.write(`Detached; agents and commands run on. ${back} brings the screen back.\n`);
  }
  return end === 'detached' ? exitCodes.done : exitCodes.cancelled;
}

function isUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  // macOS terminals often leave the locale unset, and are UTF-8 all the same.
  return locale === '' ? process.platform === 'darwin' : /utf-?8/i.test(locale);
}

function readScreenSettings(configFile: string, env: NodeJS.ProcessEnv): ScreenSettings {
  const settings = readJson(configFile);
  const screen = settings?.['screen'] as Readonly<Record<string, unknown>> | undefined;
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return {
    theme: text(screen?.['theme']),
    prefix: text(screen?.['prefix']),
    ascii: screen?.['characters'] === 'ascii',
    signals: toSignals(settings?.['notify'] as Readonly<Record<string, unknown>> | undefined, env),
  };
}

function toSignals(notify: Readonly<Record<string, unknown>> | undefined, env: NodeJS.ProcessEnv): SignalSettings {
  const form = notify?.['osc'];
  const named = form === '9' || form === '777' || form === '99' ? form : detectNotificationForm(env);
  return {
    bell: notify?.['bell'] === false ? 'silent' : 'bell',
    notification: form === false ? null : named,
    multiplexer: env.TMUX ? 'tmux' : 'none',
  };
}

/** The user's own theme of that name, else ours; an unreadable one leaves the built-in. */
function readTheme(name: string | null, config: string): Theme {
  if (name === null || name === darkTheme.name || !/^[\w-]+$/.test(name)) return darkTheme;
  for (const folder of [join(config, 'themes'), join(packageFolder(), 'themes')]) {
    const file = join(folder, `${name}.json`);
    const value = readJson(file);
    if (value) return parseTheme(value, file);
  }
  return darkTheme;
}

function readJson(file: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    // No such file, or no JSON: the host names a broken configuration in its own words.
    return null;
  }
}
