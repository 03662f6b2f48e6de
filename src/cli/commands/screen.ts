/** The screen itself: takes the terminal, draws the first frame, then connects. Loads nothing that the first frame does not need. */
import { systemClock } from '../../base/clock.ts';
import { HostError } from '../../client/host-error.ts';
import { codes } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { toPaths } from '../../runtime/paths.ts';
import { App, type AppEnd } from '../../tui/app.ts';
import { HostLink } from '../../tui/host-link.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../tui/present/page.ts';
import { detectColorDepth } from '../../tui/theme-color.ts';
import { openTerminal } from '../../tui/widgets/screen.ts';
import { exitCodes, toExitCode } from '../exit-codes.ts';
import { toSafeLine } from '../safe-text.ts';
import { findScreenProblem, readScreenSettings } from '../screen-settings.ts';
import { toTerminalKind, whyNoScreen } from '../terminal-kind.ts';
import { readVersion } from '../version.ts';

export interface ScreenOptions {
  /** The session to show first; otherwise the newest. */
  readonly session?: string;
  readonly demo?: boolean;
  /** How the program is called on a command line, where that takes more than its name. */
  readonly program?: string;
  readonly ascii?: boolean;
}

/** Returns the exit code. The terminal is restored, and one line says how to come back. */
export async function runScreen(options: ScreenOptions = {}): Promise<number> {
  const { stdin, stdout, env } = process;
  const refusal = whyNoScreen(process);
  if (refusal !== null) {
    process.stderr.write(`signalbox: ${toSafeLine(refusal)}\n`);
    return exitCodes.usage;
  }
  const paths = toPaths(env);
  const version = readVersion();
  const settings = readScreenSettings(paths.configFile, paths.config, env);
  const isAscii = options.ascii === true || settings.ascii || !isUtf8(env);
  const terminal = openTerminal({
    ...{ input: stdin, output: stdout, theme: settings.theme },
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
    ...(options.program === undefined ? {} : { program: options.program }),
    ...(options.demo ? { comeBack: 'signalbox demo' } : {}),
  });
  terminal.renderNow();
  const kind = toTerminalKind(env.TERM);
  if (kind.kind === 'unknown') app.warn(toSafeLine(kind.sentence));
  void findScreenProblem(paths.configFile, settings.themeProblem).then((problem) => {
    if (problem !== null) app.warn(toSafeLine(problem));
  });
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
