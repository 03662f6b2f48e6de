/** Choosing a theme: what is listed, shown and written down, and what stays as it was in config.json. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createThemeChoice, findTheme, listThemes } from '../../src/cli/screen-themes.ts';
import { setSetting } from '../../src/runtime/edit-settings.ts';

const dark = JSON.parse(readFileSync(new URL('../../themes/dark.json', import.meta.url), 'utf8')) as object;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-themes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function writeTheme(name: string, text: string): void {
  mkdirSync(join(folder, 'themes'), { recursive: true });
  writeFileSync(join(folder, 'themes', `${name}.json`), text);
}

describe('the themes that there are', () => {
  it('are ours, and those of the operator after them', () => {
    writeTheme('mine', JSON.stringify({ ...dark, name: 'mine', comment: 'Mine.' }));
    writeTheme('broken', '{"name":"broken"}');
    writeTheme('no json', '');
    const list = listThemes(folder);
    expect(list.map(({ name }) => name).slice(0, 2)).toEqual(['catppuccin-mocha', 'color-blind']);
    expect(list.slice(-2)).toEqual([
      { name: 'broken', comment: '', isOwn: true, problem: expect.stringContaining('"tokens" must be an object') },
      { name: 'mine', comment: 'Mine.', isOwn: true, problem: null },
    ]);
  });

  it('have one whose file is no JSON, and one that cannot be read, with what is wrong with them', () => {
    writeTheme('typo', '{ "name": ');
    mkdirSync(join(folder, 'themes', 'a-folder.json'));
    expect(listThemes(folder).slice(-2)).toMatchObject([
      { name: 'a-folder', problem: expect.stringContaining('There is no readable theme "a-folder"') },
      { name: 'typo', problem: expect.stringContaining('typo.json is not JSON: ') },
    ]);
  });

  it('one of the operator goes before one of ours with its name', () => {
    writeTheme('light', JSON.stringify({ ...dark, name: 'my light' }));
    expect(findTheme('light', folder).theme?.name).toBe('my light');
    expect(listThemes(folder).filter(({ name }) => name === 'light')).toHaveLength(1);
  });

  it.each([
    ['draclua', 'did you mean "dracula"?'],
    ['x', 'there are auto, catppuccin-mocha, '],
    ['../dark', 'There is no readable theme "../dark"'],
    ['', 'There is no readable theme ""'],
    ['atuo', 'did you mean "auto"?'],
  ])('%j is refused', (name, sentence) => {
    const { theme, problem } = findTheme(name, folder);
    expect(theme).toBeNull();
    expect(problem).toContain(sentence);
  });
});

describe('a choice', () => {
  const open = (chosen: string, background: 'light' | 'dark' = 'dark') => {
    const shown: string[] = [];
    const file = join(folder, 'config.json');
    const choice = createThemeChoice({
      ...{ config: folder, chosen, background: () => background, show: (theme) => shown.push(theme.name) },
      write: (name) => setSetting(file, ['screen', 'theme'], name),
    });
    return { choice, shown, file };
  };

  it('is shown without being kept', () => {
    const { choice, shown } = open('auto', 'light');
    expect([choice.show('dracula'), choice.show('auto')]).toEqual([null, null]);
    expect(shown).toEqual(['dracula', 'light']);
    expect(choice.chosen).toBe('auto');
    expect(choice.list()[0]).toMatchObject({ name: 'auto', problem: null });
  });

  it('is written into config.json, which keeps everything else, its form and its mode', async () => {
    const { choice, file } = open('auto');
    writeFileSync(file, '{ "notify": {"bell":   false},\n  "screen": { "prefix": "ctrl-a" } }\n', { mode: 0o640 });
    expect(await choice.keep('dracula')).toBeNull();
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\{ "notify": \{"bell": {3}false\},\n {2}"screen": \{ "prefix": "ctrl-a",\s+"theme": "dracula" \} \}\n$/,
    );
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(choice.chosen).toBe('dracula');
    expect(await choice.keep('auto')).toBeNull();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ screen: { prefix: 'ctrl-a', theme: 'auto' } });
  });

  it('makes the file where there is none', async () => {
    const { choice, file } = open('auto');
    expect(await choice.keep('dracula')).toBeNull();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ screen: { theme: 'dracula' } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['no JSON', '{', 'line 1: not valid JSON'],
    ['no object', '[]', 'is no object'],
    ['a screen that is none', '{"screen": 7}', 'screen is no object'],
  ])('is shown but not written into what is %s', async (_title, text, why) => {
    const { choice, shown, file } = open('auto');
    writeFileSync(file, text, { mode: 0o600 });
    const problem = await choice.keep('dracula');
    expect(problem).toContain('It is shown, but not kept: ');
    expect(problem).toContain(why);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(shown).toEqual(['dracula']);
  });

  it('that does not exist changes nothing', async () => {
    const { choice, shown } = open('dark');
    expect(await choice.keep('draclua')).toContain('did you mean "dracula"?');
    expect(shown).toEqual([]);
    expect(choice.chosen).toBe('dark');
  });
});
