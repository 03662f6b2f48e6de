/** The list of themes on the screen: moving the cursor shows one, Esc puts the old one back, Enter keeps it; all cells get its ground. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { App } from '../../../src/tui/app.ts';
import { darkTheme, parseTheme } from '../../../src/tui/theme.ts';
import type { ThemeChoice } from '../../../src/tui/theme-choice.ts';
import type { ColorDepth } from '../../../src/tui/theme-color.ts';
import { openTerminal } from '../../../src/tui/widgets/screen.ts';
import { FakeHost, makeSession } from '../../fixtures/fake-host.ts';
import { FakeTerminal } from '../../fixtures/fake-terminal.ts';
import { ManualClock } from '../../fixtures/screen-world.ts';

const read = (name: string) =>
  parseTheme(JSON.parse(readFileSync(new URL(`../../../themes/${name}.json`, import.meta.url), 'utf8')), name);

let close: () => void = () => undefined;
afterEach(() => close());

function open(colors: ColorDepth, columns = 80, rows = 24) {
  const terminal = new FakeTerminal(columns, rows);
  const screen = openTerminal({ ...terminal.streams, theme: darkTheme, colors });
  const kept: string[] = [];
  let chosen = 'dark';
  const names = ['auto', 'dark', 'dracula', 'light', 'broken'];
  const show = (name: string): string | null => {
    if (name === 'broken') return 'It is broken.';
    screen.setTheme(name === 'dracula' || name === 'light' ? read(name) : darkTheme);
    return null;
  };
  const themes: ThemeChoice = {
    get chosen() {
      return chosen;
    },
    list: () =>
      names.map((name) => ({
        ...{ name, comment: `About ${name}.`, isOwn: name === 'broken' },
        problem: name === 'broken' ? 'It is broken.' : null,
      })),
    show,
    keep: async (name) => {
      const problem = show(name);
      if (problem === null) {
        chosen = name;
        kept.push(name);
      }
      return problem;
    },
  };
  const host = new FakeHost();
  host.emit({ type: 'session.added', session: makeSession('S1') });
  const clock = new ManualClock();
  const app = new App({ terminal: screen, host, clock, prefix: 'ctrl-b', cardDeafMs: 300, session: null, themes });
  close = () => {
    app.dispose();
    screen.dispose();
    host.dispose();
    terminal.dispose();
  };
  const press = async (keys: string): Promise<string> => {
    terminal.type(keys);
    await terminal.idle();
    return terminal.screenText();
  };
  /** Every background on the screen. */
  const grounds = (): Set<string> =>
    new Set(
      Array.from({ length: columns * rows }, (_, at) => terminal.cell(at % columns, Math.floor(at / columns)).bg),
    );
  return { terminal, kept, press, grounds };
}

const ground = '#282a36';

describe('the list of themes', () => {
  it('shows each one as the cursor moves, and Esc puts the old one back', async () => {
    const { terminal, press, grounds, kept } = open('rgb');
    await press('\x1b');
    await press(':theme');
    expect(await press('\r')).toMatch(/Theme[\s\S]*auto[\s\S]*dracula[\s\S]*broken/);
    expect(grounds()).not.toContain(ground);
    expect(await press('\x1b[B')).toContain('About dracula.');
    expect(grounds()).toContain(ground);
    expect(grounds()).not.toContain('default');
    await press('\x1b[B');
    expect(grounds()).not.toContain(ground);
    await press('\x1b[A');
    expect(grounds()).toContain(ground);
    // An Esc alone is one only after a moment, which may be a long one on a busy machine.
    terminal.type('\x1b');
    await terminal.until((screen) => !screen.includes('Theme'));
    await terminal.idle();
    expect(grounds()).toEqual(new Set(['default']));
    expect(kept).toEqual([]);
  });

  it('follows what is typed, too, and Enter keeps what is shown', async () => {
    const { press, grounds, kept } = open('rgb');
    await press('\x1b');
    await press(':theme');
    await press('\r');
    await press('drac');
    expect(grounds()).toContain(ground);
    expect(await press('\r')).toContain('The theme is dracula from now on.');
    expect(kept).toEqual(['dracula']);
    expect(grounds()).toContain(ground);
  });

  it('says why one cannot be chosen, and goes on showing the last', async () => {
    const { press, grounds, kept } = open('rgb');
    await press('\x1b');
    await press(':theme');
    await press('\r');
    await press('\x1b[B');
    await press('\x1b[B');
    await press('\x1b[B');
    expect(await press('\r')).toContain('It is broken.');
    expect(kept).toEqual([]);
    expect(grounds()).not.toContain(ground);
  });

  it('takes a name at once, and says what is wrong with it', async () => {
    const { press, kept } = open('rgb');
    await press('\x1b');
    await press(':theme light');
    expect(await press('\r')).toContain('The theme is light from now on.');
    await press(':theme broken');
    expect(await press('\r')).toContain('It is broken.');
    expect(kept).toEqual(['light']);
  });
});

describe('a ground of its own', () => {
  it.each<[ColorDepth, string]>([
    ['rgb', ground],
    ['256', '235'],
    ['16', '0'],
    ['none', 'default'],
  ])('with %s colours is %s in every cell', async (colors, shown) => {
    const { press, grounds } = open(colors);
    await press('\x1b');
    await press(':theme dracula');
    await press('\r');
    expect(grounds()).toEqual(new Set([shown]));
  });
});
