/** The screen itself: takes the terminal, draws the first frame, then connects. Loads nothing that the first frame does not need. */

import { systemClock } from '../../base/clock.ts';
import { HostError } from '../../client/host-error.ts';
import { codes } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Paths } from '../../core/paths.ts';
import { toPaths } from '../../runtime/paths.ts';
import { App, type AppEnd } from '../../tui/app.ts';
import { followBackground } from '../../tui/follow-background.ts';
import { HostLink } from '../../tui/host-link.ts';
import { setKeysInForce } from '../../tui/keys-in-force.ts';
import { asciiGlyphs, unicodeGlyphs } from '../../tui/present/page.ts';
import { toShellEnvironment } from '../../tui/shells/shell-environment.ts';
import type { ThemeChoice } from '../../tui/theme-choice.ts';
import { detectColorDepth } from '../../tui/theme-color.ts';
import { openTerminal, type Terminal } from '../../tui/widgets/screen.ts';
import { exitCodes, toExitCode } from '../exit-codes.ts';
import { isUtf8 } from '../locale.ts';
import { printLine, printNote, processIo } from '../output.ts';
import { toSafeLine } from '../safe-text.ts';
import { watchForCrash } from '../screen-crash.ts';
import { toDemoCommands, toFarewell } from '../screen-farewell.ts';
import { openScreenLayouts } from '../screen-layouts.ts';
import { createScreenPrograms } from '../screen-programs.ts';
import { openScreenPrompts } from '../screen-prompts.ts';
import { findScreenProblem, readScreenSettings, type ScreenSettings } from '../screen-settings.ts';
import { autoTheme, createThemeChoice, findTheme } from '../screen-themes.ts';
import { toTerminalKind, whyNoScreen } from '../terminal-kind.ts';
import { readVersion } from '../version.ts';

export interface ScreenOptions {
  /** The session to show first; otherwise the newest. */
  readonly session?: string;
  /** The server whose shell to show first; a new one where there is none. */
  readonly shellOn?: string;
  readonly demo?: boolean;
  /** How the program is called on a command line, where that takes more than its name. */
  readonly program?: string;
  readonly ascii?: boolean;
  /** Instead of the one that `config.json` names. */
  readonly theme?: string | undefined;
}

/** V8 refuses compiled code that was kept under other flags, so the flags change after it was kept (`load-screen.ts`). */
const frugalAfterMs = 3_000;

/** Returns the exit code. The terminal is restored, and one line says how to come back. */
export async function runScreen(options: ScreenOptions = {}): Promise<number> {
  const { stdin, stdout, env } = process;
  const refusal = whyNoScreen(process);
  if (refusal !== null) {
    printNote(processIo, `signalbox: ${toSafeLine(refusal)}`);
    return exitCodes.usage;
  }
  const paths = toPaths(env);
  const version = readVersion();
  const settings = readScreenSettings(paths.configFile, paths.config, env, options.theme);
  if (options.theme !== undefined) {
    const { problem } = findTheme(options.theme === autoTheme ? settings.background : options.theme, paths.config);
    if (problem !== null) {
      printNote(processIo, `signalbox: ${toSafeLine(problem)}`);
      return exitCodes.usage;
    }
  }
  setKeysInForce(settings.keys.bindings);
  const isAscii = options.ascii === true || settings.ascii || !isUtf8(env);
  const terminal = openTerminal({
    ...{ input: stdin, output: stdout, theme: settings.theme },
    ...{ colors: detectColorDepth(env), borders: isAscii ? 'ascii' : 'round' },
    // GNU screen holds an Esc back while mouse reports are on.
    mouse: env['STY'] ? 'no-mouse' : 'mouse',
  });
  const crash = watchForCrash(() => terminal.dispose(), options.demo ? 'signalbox demo' : 'signalbox attach', env);
  const themes = openThemes(terminal, settings, paths);
  const host = new HostLink({
    clock: systemClock,
    version,
    connect: async (start) => {
      const { connect } = await import('../../client/connect.ts');
      const command = options.demo ? { hostCommand: [process.execPath, process.argv[1] ?? '', 'demo-host'] } : {};
      return await connect({ paths, cwd: process.cwd(), client: 'screen', version, start, ...command });
    },
  });
  const prompts = settings.keepsPrompts
    ? openScreenPrompts(paths.data, (sentence) => app.warn(toSafeLine(sentence)))
    : null;
  // The file is read while the application is made, which can say something only after that.
  const say = (sentence: string): void => queueMicrotask(() => app.warn(toSafeLine(sentence)));
  const app = new App({
    placements: openScreenLayouts(paths.data, say),
    ...{ terminal, host, clock: systemClock, cardDeafMs: limits.cardDeafMs, session: options.session ?? null },
    prefix: settings.prefix,
    themes,
    glyphs: isAscii ? asciiGlyphs : unicodeGlyphs,
    signals: settings.signals,
    programs: createScreenPrograms(process.argv[1] ?? '', env),
    ...(prompts === null ? {} : { prompts }),
    shellEnvironment: toShellEnvironment(env),
    ...(options.program === undefined ? {} : { program: options.program }),
    ...(options.shellOn === undefined ? {} : { shellOn: options.shellOn }),
    ...(options.demo ? { comeBack: 'signalbox demo' } : {}),
  });
  terminal.renderNow();
  setTimeout(() => void keepFrugal(), frugalAfterMs).unref();
  const kind = toTerminalKind(env.TERM);
  if (kind.kind === 'unknown') app.warn(toSafeLine(kind.sentence));
  const started = host.start();
  // What reads the settings whole takes longer to load than all before, and the host's first view need not wait for it.
  const sayProblem = async (): Promise<void> => {
    const problem = await findScreenProblem(paths, settings.problems);
    if (problem !== null) app.warn(toSafeLine(problem));
  };
  void started.then(sayProblem, sayProblem);
  try {
    return await useScreen({ app, host, started }, options);
  } finally {
    app.dispose();
    host.dispose();
    terminal.dispose();
    await prompts?.settle();
    crash.dispose();
  }
}

async function keepFrugal(): Promise<void> {
  const { keepHeapFrugal } = await import('../../base/frugal-heap.ts');
  keepHeapFrugal();
}

/** With `auto` the terminal is asked for its background at once; its answer, if there is one, comes after the first frame. */
function openThemes(terminal: Terminal, settings: ScreenSettings, paths: Paths): ThemeChoice {
  let { background } = settings;
  const choice = createThemeChoice({
    ...{ config: paths.config, chosen: settings.themeName },
    background: () => background,
    show: (theme) => terminal.setTheme(theme),
    write: async (name) => {
      const { setSetting } = await import('../../runtime/edit-settings.ts');
      await setSetting(paths.configFile, ['screen', 'theme'], name);
    },
  });
  if (settings.themeName !== autoTheme) return choice;
  followBackground(terminal, systemClock, (found) => {
    if (found === background) return;
    background = found;
    if (choice.chosen === autoTheme) choice.show(autoTheme);
  });
  return choice;
}

interface OpenScreen {
  readonly app: App;
  readonly host: HostLink;
  /** Resolves when the host is there. */
  readonly started: Promise<void>;
}

async function useScreen({ app, host, started }: OpenScreen, options: ScreenOptions): Promise<number> {
  let end: AppEnd;
  try {
    const ended = await Promise.race([app.finished, started.then(() => null)]);
    end = ended ?? (await app.finished);
  } catch (error) {
    app.leave();
    printNote(processIo, `signalbox: ${toSafeLine((error as Error).message)}`);
    const code = error instanceof HostError ? codes.find((known) => known === error.code) : undefined;
    return code ? toExitCode(code) : exitCodes.bug;
  }
  app.leave();
  if (end === 'detached')
    printLine(
      processIo,
      toFarewell(host.link.kind === 'connected' ? host.view : null, options.demo ? toDemoCommands(process.env) : null),
    );
  return end === 'detached' ? exitCodes.done : exitCodes.cancelled;
}
