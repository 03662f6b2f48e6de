/** What the palette finds for a text, what comes first, and that ten thousand entries are looked at once. */
import { describe, expect, it } from 'vitest';
import type { PaletteEntry } from '../../../src/tui/palette/palette-entry.ts';
import { createEntrySearch, findEntries, toReadyEntries } from '../../../src/tui/palette/rank-entries.ts';
import fc from '../../fixtures/properties.ts';

function entry(title: string, fields: Partial<PaletteEntry> = {}): PaletteEntry {
  const none = { key: null, command: null, disabled: null, run: () => undefined };
  return { id: title, group: 'Conversation', title, detail: `Does ${title}.`, ...none, ...fields };
}

const entries = [
  entry('switch agent', { command: 'agent', detail: 'Lets another agent answer in this session.' }),
  entry('new session', { command: 'new', detail: 'Opens a new session.' }),
  entry('rename', { command: 'rename', detail: 'Gives the session another title.' }),
  entry('audit', { command: 'audit', group: 'Anywhere', detail: 'Shows the audit log.' }),
  entry('verify', { command: 'verify', group: 'Audit', detail: 'Checks that no record was changed.' }),
  entry('roll back', { group: 'Audit', detail: 'Shows what rolling back would do.', disabled: 'only in: Audit' }),
  entry('web-1', { group: 'Server', detail: 'PRODUCTION, connected' }),
];

const titles = (text: string, recent: readonly string[] = []): readonly string[] =>
  findEntries(toReadyEntries(entries, recent), text).map(({ title }) => title);

describe('the palette', () => {
  it.each([
    ['ren', ['rename']],
    ['agent', ['switch agent']],
    ['session', ['new session', 'switch agent', 'rename']],
    ['sess new', ['new session']],
    ['AUD', ['audit', 'verify', 'roll back']],
    ['production', ['web-1']],
    ['server', ['web-1']],
    ['w1', ['web-1']],
    ['record changed', ['verify']],
    ['new', ['new session']],
  ])('of %j finds %j', (text, found) => {
    expect(titles(text)).toEqual(found);
  });

  it.each(['zzz', 'rename zzz', 'nwx', 'anothre', 'wbe-1', 'session?'])('finds nothing for %j', (text) => {
    expect(titles(text)).toEqual([]);
  });

  it('puts what was used last first, while nothing was typed, and keeps the order of the rest', () => {
    expect(titles('', ['verify', 'web-1'])).toEqual([
      ...['verify', 'web-1', 'switch agent', 'new session', 'rename', 'audit', 'roll back'],
    ]);
  });

  it('puts the command whose name was typed before everything else', () => {
    expect(titles('audit', ['verify', 'roll back'])[0]).toBe('audit');
  });

  it('escapes what is foreign, and marks letters in the escaped text', () => {
    const [found] = findEntries(toReadyEntries([entry('\x1b]0;evil')], []), 'evil');
    expect(found?.title).toBe('\\x1b]0;evil');
    expect(found?.titleAt.map((at) => found.title.charAt(at)).join('')).toBe('evil');
  });

  it('finds the same for a text, whatever was typed before it', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aeinrsw1- İ'), maxLength: 5 });
    const odd = [entry('İ session'), entry('warnings', { detail: 'İn web-1', command: 'warn' })];
    const ready = toReadyEntries([...entries, ...odd], ['verify']);
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 4 }), letters, fc.boolean(), (before, text, growing) => {
        const search = createEntrySearch(ready);
        for (const one of before) search(growing ? text.slice(0, one.length) : one);
        const ids = search(text).map(({ entry: { id } }) => id);
        expect(ids).toEqual(findEntries(ready, text).map(({ entry: { id } }) => id));
      }),
    );
  });

  it('looks at each of ten thousand entries once a word, and once more where it is found', () => {
    const many = Array.from({ length: 10_000 }, (_, at) =>
      entry(`session ${at} about the disks of web-${at % 97}`, { detail: `agent ${at}, idle, web-${at % 97}` }),
    );
    let reads = 0;
    const ready = toReadyEntries(many, []).map((one) =>
      Object.defineProperty({ ...one }, 'title', {
        get() {
          reads += 1;
          return one.title;
        },
      }),
    );
    for (const text of ['d', 'di', 'disk', 'disk 97']) {
      reads = 0;
      expect(findEntries(ready, text).length).toBeGreaterThan(0);
      expect(reads).toBeLessThanOrEqual(many.length * (text.split(' ').length + 1));
    }
  });
});
