/** What the screen makes of its settings and of TERM: defaults where something is wrong, and one sentence that names it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findScreenProblem, readScreenSettings } from '../../src/cli/screen-settings.ts';
import { toTerminalKind } from '../../src/cli/terminal-kind.ts';
import { toPaths } from '../../src/runtime/paths.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-screen-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(
  config: string | null,
  env: NodeJS.ProcessEnv = {},
): Promise<{ theme: string; prefix: string; problem: string | null }> {
  const file = join(folder, 'config.json');
  if (config !== null) writeFileSync(file, config, { mode: 0o600 });
  const { theme, prefix, problems } = readScreenSettings(file, folder, env);
  const paths = { ...toPaths({ SIGNALBOX_HOME: folder }), configFile: file };
  return { theme: theme.name, prefix, problem: await findScreenProblem(paths, problems) };
}

describe('the settings of the screen', () => {
  it('are well, and a file of the program is not: that is said', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data/recordings'), '');
    const { problem } = await read(null);
    expect(problem).toContain('data/recordings is not a folder; move it away');
  });

  it.each([
    [null, 'dark', 'ctrl-b'],
    ['{}', 'dark', 'ctrl-b'],
    ['{"screen":{"theme":"auto"}}', 'dark', 'ctrl-b'],
    ['{"screen":{"theme":"light"}}', 'light', 'ctrl-b'],
    ['{"screen":{"theme":"gruvbox-dark"}}', 'gruvbox-dark', 'ctrl-b'],
    ['{"screen":{"theme":"dark","prefix":"ctrl-a"}}', 'dark', 'ctrl-a'],
    ['{"screen":{"keys":{"pane.zoom":"f4"}}}', 'dark', 'ctrl-b'],
  ])('%s are used without a word', async (config, theme, prefix) => {
    expect(await read(config)).toEqual({ theme, prefix, problem: null });
  });

  it.each([
    ['{"theme":"lite"}', 'unknown key "theme"'],
    ['{"screen":{"theme":"lihgt"}}', 'There is no readable theme "lihgt"'],
    ['{"screen":{"theme":"lihgt"}}', 'did you mean "light"? The screen uses the theme "dark".'],
    ['{"screen":{"keys":{"pane.zom":"z"}}}', 'did you mean "pane.zoom"?'],
    ['{"screen":{"keys":{"pane.zom":"z","card.deny":"a"}}}', '(and 1 more: `signalbox doctor` lists them)'],
    ['{"screen":{"keys":[]}}', '"screen.keys" must be'],
    ['{"screen":{"keys":{"pane.zoom":7}}}', '"screen.keys.pane.zoom"'],
    ['{"screen":{"prefx":"ctrl-a"}}', 'unknown key "screen.prefx" (did you mean "prefix"?)'],
    ['{"screen":{"prefix":"a"}}', '"screen.prefix"'],
    ['{"screen":{"theme":7}}', '"screen.theme" must be a text'],
    ['{"screen":[]}', '"screen" must be an object'],
    ['[]', 'it must be an object'],
    ['{', 'is not valid JSON'],
  ])('%s leave the defaults, and are named', async (config, sentence) => {
    const { theme, prefix, problem } = await read(config);
    expect({ theme, prefix }).toEqual({ theme: 'dark', prefix: 'ctrl-b' });
    expect(problem).toContain(sentence);
    expect(problem).toMatch(/[.)?]$/);
    expect(problem).toMatch(/^(config\.json|There is no|In "screen\.keys")/);
  });

  it.each([
    ['15;0', 'dark'],
    ['0;15', 'light'],
    ['0;default;7', 'light'],
    ['12;8', 'dark'],
    ['0;default', 'dark'],
    ['0;99', 'dark'],
    ['', 'dark'],
  ])('take COLORFGBG=%s for a background where nobody chose a theme', async (value, theme) => {
    expect((await read('{}', { COLORFGBG: value })).theme).toBe(theme);
    expect((await read('{"screen":{"theme":"dracula"}}', { COLORFGBG: value })).theme).toBe('dracula');
  });

  it('take another prefix inside tmux, unless one is written down', async () => {
    expect((await read('{}', { TMUX: '/tmp/x,1,0' })).prefix).toBe('ctrl-]');
    expect((await read('{"screen":{"prefix":"ctrl-a"}}', { TMUX: '/tmp/x,1,0' })).prefix).toBe('ctrl-a');
  });

  it('name what is wrong in a theme of the user', async () => {
    mkdirSync(join(folder, 'themes'));
    writeFileSync(join(folder, 'themes', 'mine.json'), '{"name":"mine","tokens":{}}');
    const { theme, problem } = await read('{"screen":{"theme":"mine"}}');
    expect(theme).toBe('dark');
    expect(problem).toContain('the token "text" is missing');
  });
});

describe('TERM', () => {
  it.each([undefined, '', 'dumb'])('%j is refused with what to do', (term) => {
    const kind = toTerminalKind(term);
    expect(kind.kind).toBe('dumb');
    expect(kind).toHaveProperty('sentence', expect.stringContaining('xterm-256color'));
  });

  it.each(['foo', 'vt', 'stterm', 'ibm3151', 'xter'])('%s is drawn on with a warning', (term) => {
    expect(toTerminalKind(term)).toMatchObject({ kind: 'unknown', sentence: expect.stringContaining(`"${term}"`) });
  });

  it.each([
    'xterm',
    'xterm-256color',
    'tmux-256color',
    'screen',
    'screen.xterm-256color',
    'linux',
    'vt100',
    'alacritty',
    'foot',
    'foot-extra',
    'xterm-kitty',
    'wezterm',
    'xterm-ghostty',
    'rxvt-unicode-256color',
    'st',
    'st-256color',
    'nsterm',
    'konsole-256color',
  ])('%s is known', (term) => {
    expect(toTerminalKind(term)).toEqual({ kind: 'known' });
  });
});
