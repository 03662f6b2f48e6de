/** What was written before: up and down, the search, drafts of sessions, long pastes, and the editor of this person. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalPrograms } from '../../../src/tui/local-programs.ts';
import type { PromptStore } from '../../../src/tui/prompt-memory.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
let kept: string[];
let drafts: Map<string, string>;
afterEach(() => world.dispose());

function open(
  history: readonly string[] = [],
  size: readonly [number, number] = [80, 24],
  programs?: LocalPrograms,
): void {
  kept = [];
  const prompts: PromptStore = {
    load: async () => ({ history, drafts: new Map(drafts) }),
    keepPrompt: (text) => void kept.push(text),
    keepDraft: (session, text) => void (text === '' ? drafts.delete(session) : drafts.set(session, text)),
  };
  world = openScreenWorld(
    ...size,
    (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'session.added', session: makeSession('S1', { title: 'First' }) },
        { type: 'session.added', session: makeSession('S2', { title: 'Second', createdAtMs: 1 }) },
      ),
    { prompts, ...(programs ? { programs } : {}) },
  );
}

const escape = '\x1b';
const [ctrlR, ctrlG, ctrlT] = ['\x12', '\x07', '\x14'];
const sent = (): readonly string[] => world.host.callsOf('session.prompt').map(({ text }) => text);

describe.each([
  [80, 24],
  [200, 50],
] as const)('the search through prompts on %i×%i', (...size) => {
  it('finds the newest that has the words, goes back with ^R, and puts one into the prompt', async () => {
    drafts = new Map();
    open(['restart nginx on web-1', 'why is web-2 slow?', 'restart php\nand look again'], size);
    await world.screen();
    await world.press(ctrlR);
    expect(await world.screen()).toMatch(
      /Prompts you wrote[\s\S]*restart php and look again[\s\S]*why is web-2 slow\?[\s\S]*restart nginx/,
    );
    await world.press('resta');
    expect(await world.screen()).not.toContain('why is web-2');
    await world.press(ctrlR);
    await world.press('\r');
    expect(await world.screen()).toContain('❯ restart nginx on web-1');
    expect(sent()).toEqual([]);
    await world.press('\r');
    expect(sent()).toEqual(['restart nginx on web-1']);
    expect(kept).toEqual(['restart nginx on web-1']);
  });
});

describe('what was written before', () => {
  it('comes back with the up key, also what was written on screens before', async () => {
    drafts = new Map();
    open(['one', 'two']);
    await world.press('three\r');
    await world.press('draft\x1b[A\x1b[A\x1b[A');
    expect(await world.screen()).toContain('❯ one');
    await world.press('\x1b[B\x1b[B\x1b[B');
    expect(await world.screen()).toContain('❯ draft');
  });

  it('is left alone when the search is closed', async () => {
    drafts = new Map();
    open(['one']);
    await world.press(`draft${ctrlR}`);
    await world.press(escape);
    world.clock.advance(100);
    expect(await world.screen()).toContain('❯ draft');
  });

  it.each([
    [ctrlR, 'history: no prompt was written yet'],
    [ctrlT, 'unfold paste: no paste is folded'],
    [ctrlG, 'editor: no program can be started from this screen'],
  ])('has keys that say why they do nothing: %j', async (key, sentence) => {
    drafts = new Map();
    open();
    await world.press(key);
    expect(await world.hint()).toContain(sentence);
  });
});

describe('a draft', () => {
  it('stays with its session', async () => {
    drafts = new Map();
    open();
    await world.press('for the second');
    await world.press('\x02:session S1\r');
    expect(await world.screen()).not.toContain('for the second');
    await world.press('ifor the first');
    await world.press('\x02:session S2\r');
    expect(await world.screen()).toContain('❯ for the second');
    await world.press('i\r');
    expect(world.host.callsOf('session.prompt')).toEqual([{ session: 'S2', text: 'for the second' }]);
  });

  it('outlives the screen, and is gone when it was sent', async () => {
    drafts = new Map();
    open();
    await world.press('not yet said');
    world.dispose();
    expect(drafts).toEqual(new Map([['S2', 'not yet said']]));
    open();
    expect(await world.screen()).toContain('❯ not yet said');
    await world.press('\r');
    world.clock.advance(2_000);
    expect(drafts).toEqual(new Map());
  });

  it('is kept while one writes, not with each key', async () => {
    drafts = new Map();
    open();
    await world.press('abc');
    expect(drafts.size).toBe(0);
    world.clock.advance(1_600);
    expect(drafts).toEqual(new Map([['S2', 'abc']]));
  });
});

describe('a long paste', () => {
  it('is one label, is sent in full, and can be opened', async () => {
    drafts = new Map();
    open();
    const log = Array.from({ length: 312 }, (_, at) => `error ${at}`).join('\n');
    await world.press('why? ');
    world.terminal.paste(log);
    expect(await world.screen()).toContain('❯ why? [pasted 312 lines]');
    expect(await world.hint()).not.toContain('error');
    await world.press(ctrlT);
    expect(await world.screen()).toContain('error 311');
    await world.press('\r');
    expect(sent()).toEqual([`why? ${log}`]);
  });
});

describe('the editor of this person', () => {
  const run = (edit: (file: string) => number): LocalPrograms => ({
    ...{ self: ['node', 'main.js'], editor: ['nano', '-w'] },
    runOnTerminal: async (argv, after) => {
      expect(argv.slice(0, 2)).toEqual(['nano', '-w']);
      expect(after).toBe('return');
      return edit(argv[2] ?? '');
    },
    runQuietly: async () => ({ status: 0, words: '' }),
  });

  it('gets the text in a file that only this person can read, and the file is gone afterwards', async () => {
    drafts = new Map();
    let seen = { text: '', fileMode: 0, folderMode: 0, file: '' };
    open(
      [],
      [80, 24],
      run((file) => {
        const mode = (path: string): number => statSync(path).mode & 0o777;
        seen = { text: readFileSync(file, 'utf8'), fileMode: mode(file), folderMode: mode(dirname(file)), file };
        writeFileSync(file, 'better words\nin two lines\n');
        return 0;
      }),
    );
    await world.press(`words${ctrlG}`);
    await world.terminal.until('better words');
    expect(seen).toMatchObject({ text: 'words', fileMode: 0o600, folderMode: 0o700 });
    expect(existsSync(dirname(seen.file))).toBe(false);
    await world.press('\r');
    expect(sent()).toEqual(['better words\nin two lines']);
  });

  it.each<[string, (file: string) => number, string]>([
    ['cannot be started', () => -1, 'nano could not be started; set VISUAL or EDITOR.'],
    ['fails', (file) => (writeFileSync(file, 'lost'), 1), 'nano ended with status 1, so the prompt stays as it was.'],
    ['changes nothing', () => 0, 'The prompt was not changed.'],
    [
      'writes too much',
      (file) => (writeFileSync(file, 'x'.repeat(300_000)), 0),
      'What you wrote is too long to come back here',
    ],
  ])('that %s leaves the prompt as it was, and says so', async (_name, edit, sentence) => {
    drafts = new Map();
    let folder = '';
    open(
      [],
      [80, 24],
      run((file) => {
        folder = dirname(file);
        return edit(file);
      }),
    );
    await world.press(`words${ctrlG}`);
    await world.terminal.until(sentence.slice(0, 30));
    expect(await world.screen()).toContain('❯ words');
    expect(existsSync(folder)).toBe(sentence.includes('too long'));
    rmSync(folder, { recursive: true, force: true });
  });
});
