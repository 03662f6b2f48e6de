/** The story of the demo as it is photographed: one host, one screen in an emulator, keys as a newcomer presses them. Writes no file. */
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { createThemeChoice } from '../../src/cli/screen-themes.ts';
import { connect } from '../../src/client/connect.ts';
import { limits } from '../../src/core/limits.ts';
import { demoServerIds } from '../../src/embedded/machine/demo-machines.ts';
import { toPaths } from '../../src/runtime/paths.ts';
import { App } from '../../src/tui/app.ts';
import { HostLink } from '../../src/tui/host-link.ts';
import { darkTheme } from '../../src/tui/theme.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { FakeTerminal } from '../fixtures/fake-terminal.ts';
import { maskRow } from './mask.ts';
import { type PictureCell, toSvg } from './svg.ts';

export interface Scene {
  /** The built program, whose host is started. */
  readonly main: string;
  readonly slowClock: string;
  /** A folder for everything that the demo writes. */
  readonly home: string;
  readonly size: { readonly columns: number; readonly rows: number };
}

export interface Screenshot {
  readonly name: string;
  readonly svg: string;
}

/** What the pictures call the terminal's own colours, as dark as the theme expects them. */
const ground = { fg: '#d7dde4', bg: '#101418' };
/** The moment at which every picture is taken; the host's clock starts at the same. */
const nowMs = Date.UTC(2026, 10, 20, 10, 0, 0);
const stillClock: Clock = { ...systemClock, nowMs: () => nowMs };
const version = 'screenshots';

export async function toScreenshots(scene: Scene): Promise<readonly Screenshot[]> {
  Object.assign(process.env, { SIGNALBOX_HOME: scene.home, SIGNALBOX_DEMO_HOME: scene.home, TZ: 'UTC' });
  const paths = toPaths(process.env);
  const link = { paths, cwd: scene.home, client: 'screen', version } as const;
  const hostCommand = [process.execPath, '--import', scene.slowClock, scene.main, 'demo-host'];
  const { connection } = await connect({ ...link, hostCommand });
  try {
    const { id } = await connection.call('session.new', {
      ...{ agent: { id: 'demo' }, servers: demoServerIds, title: 'Guided tour', prompt: 'Show me around' },
    });
    const host = new HostLink({ clock: stillClock, version, connect: () => connect({ ...link, hostCommand }) });
    return await photograph(scene, host, id);
  } finally {
    await connection.call('host.stop', {}).catch(() => undefined);
    connection.close();
    // It writes its last lines while it ends; its lock goes last.
    for (let tries = 0; tries < 100 && existsSync(paths.hostLock); tries += 1) await wait(100);
  }
}

async function photograph({ size, home }: Scene, host: HostLink, session: string): Promise<readonly Screenshot[]> {
  const terminal = new FakeTerminal(size.columns, size.rows);
  const screen = openTerminal({ ...terminal.streams, theme: darkTheme, colors: 'rgb' });
  const app = new App({
    ...{ terminal: screen, host, clock: stillClock, prefix: 'ctrl-b', cardDeafMs: limits.cardDeafMs, session },
    comeBack: 'signalbox demo',
    themes: createThemeChoice({
      ...{ config: home, chosen: 'dark', background: () => 'dark' },
      show: (theme) => screen.setTheme(theme),
      write: async () => undefined,
    }),
  });
  const shots: Screenshot[] = [];
  const scene = new StoryScreen(terminal, (name, title) => {
    const svg = toSvg(readCells(terminal, size, [session]), ground, title);
    shots.push({ name, svg });
  });
  try {
    await host.start();
    await tellStory(scene);
  } finally {
    app.dispose();
    host.dispose();
    screen.dispose();
    terminal.dispose();
  }
  return shots;
}

async function tellStory(screen: StoryScreen): Promise<void> {
  await screen.until(/◆ 1 waiting|◆ Approval 1 of 1/);
  await screen.press('\x02', 'a');
  await screen.until('worker_connections 1024');
  await screen.untilHeard();
  await screen.shoot('approve', 'A change to a configuration file waits for approval, with its difference');
  await screen.answer('a', /Command +systemctl reload nginx/);
  await screen.press('\x02', 'a');
  await screen.answer('a', /Command +systemctl restart postgresql/);
  await screen.press('\x02', 'a');
  await screen.untilHeard();
  await screen.shoot('production', 'A command on a production server waits for approval');
  await screen.answer('r', 'Enter confirm');
  await screen.press('Tonight', '\r');
  await screen.until('demo idle');
  await screen.shoot('conversation', 'The agent has heard why it was refused');
  // The last card gave the focus back to the prompt.
  await screen.press('\x1b', '3');
  await screen.until(/db-1( PROD(UCTION)?)? +denied/);
  await screen.press('\r');
  await screen.until('APPROVAL_DENIED');
  await screen.shoot('audit', 'The audit log with all records of one operation');
  await screen.press('\x1b', '4');
  await screen.until('Servers');
  await screen.shoot('servers', 'The registered servers');
  await screen.press('1', ':', 'th');
  await screen.shoot('palette', 'The command palette');
  await screen.press('eme', '\r');
  await screen.press('tokyo');
  await screen.shoot('themes', 'The list of themes, which shows each one as the cursor moves');
}

class StoryScreen {
  readonly #terminal: FakeTerminal;
  readonly #take: (name: string, title: string) => void;

  constructor(terminal: FakeTerminal, take: (name: string, title: string) => void) {
    this.#terminal = terminal;
    this.#take = take;
  }

  /** One after another, each when the screen has answered the one before. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#terminal.type(key);
      await this.#terminal.idle();
    }
  }

  async until(wanted: string | RegExp): Promise<void> {
    const holds = (text: string): boolean => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
    await this.#terminal.until(holds, 30_000);
  }

  /** The card that has the focus hears its keys. */
  async untilHeard(): Promise<void> {
    await this.#terminal.until((text) => text.includes('a approve') && !text.includes('has just appeared'), 30_000);
  }

  /** A card is read to its end, and its keys are heard only after its first moments. */
  async answer(key: string, effect: string | RegExp): Promise<void> {
    await this.untilHeard();
    await this.press('G', key);
    await this.until(effect);
  }

  async shoot(name: string, title: string): Promise<void> {
    await this.#terminal.idle();
    this.#take(name, title);
  }
}

function readCells(
  terminal: FakeTerminal,
  { columns, rows }: Scene['size'],
  words: readonly string[],
): readonly (readonly PictureCell[])[] {
  return Array.from({ length: rows }, (_, y) => {
    const cells = Array.from({ length: columns }, (_unused, x) => terminal.cell(x, y));
    const texts = cells.map((cell) => cell.text || (cell.width === 0 ? '' : ' '));
    // Masked as a row, since an id is many cells; only rows of single units keep one unit a cell.
    const row = texts.join('');
    const masked = row.length === columns ? [...maskRow(row, words)] : texts;
    return cells.map((cell, x) => {
      const [fg, bg] = [toHex(cell.fg, ground.fg), toHex(cell.bg, ground.bg)];
      const { width, bold, dim, underline, inverse } = cell;
      const colors = inverse ? { fg: bg, bg: fg } : { fg, bg };
      return { ...colors, ...{ width, bold, dim, underline, italic: false }, text: masked[x] ?? '' };
    });
  });
}

/** The 16 as most terminals show them today; everything else of ours is a true colour. */
const basic = ['#1d2329', '#e06c75', '#6bc46d', '#d9a53f', '#6cb6ff', '#c678dd', '#56d4dd', '#c9d1d9'];

function toHex(color: string, own: string): string {
  if (color === 'default') return own;
  return color.startsWith('#') ? color : (basic[Number(color) % 8] ?? own);
}
