/** What the screen makes of its settings and of TERM: defaults where something is wrong, and one sentence that names it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findScreenProblem, readScreenSettings } from '../../src/cli/screen-settings.ts';
import { toTerminalKind } from '../../src/cli/terminal-kind.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-screen-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(config: string | null): Promise<{ theme: string; prefix: string | null; problem: string | null }> {
  const file = join(folder, 'config.json');
  if (config !== null) writeFileSync(file, config, { mode: 0o600 });
  const { theme, prefix, themeProblem } = readScreenSettings(file, folder, {});
  return { theme: theme.name, prefix, problem: await findScreenProblem(file, themeProblem) };
}

describe('the settings of the screen', () => {
  it.each([
    [null, 'dark', null],
    ['{}', 'dark', null],
    ['{"screen":{"theme":"light"}}', 'light', null],
    ['{"screen":{"theme":"dark","prefix":"ctrl-a"}}', 'dark', 'ctrl-a'],
  ])('%s are used without a word', async (config, theme, prefix) => {
    expect(await read(config)).toEqual({ theme, prefix, problem: null });
  });

  it.each([
    ['{"theme":"lite"}', 'unknown key "theme"'],
    ['{"screen":{"theme":"lite"}}', 'There is no readable theme "lite"'],
    ['{"screen":{"prefx":"ctrl-a"}}', 'unknown key "screen.prefx" (did you mean "prefix"?)'],
    ['{"screen":{"prefix":"a"}}', '"screen.prefix"'],
    ['{"screen":{"theme":7}}', '"screen.theme" must be a text'],
    ['{"screen":[]}', '"screen" must be an object'],
    ['[]', 'it must be an object'],
    ['{', 'is not valid JSON'],
  ])('%s leave the defaults, and are named', async (config, sentence) => {
    const { theme, prefix, problem } = await read(config);
    expect({ theme, prefix }).toEqual({ theme: 'dark', prefix: null });
    expect(problem).toContain(sentence);
    expect(problem).toMatch(/\.$/);
    expect(problem?.startsWith('config.json') || problem?.startsWith('There is no')).toBe(true);
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
