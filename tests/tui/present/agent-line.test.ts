/** Settings, usage, questions and lists as lines of text. */
import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../../src/protocol/view.ts';
import { toAgentNote, toSettings, toThousands, toUsage } from '../../../src/tui/present/agent-line.ts';
import { toFormCardLines } from '../../../src/tui/present/form-card.ts';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { isFound, type PickerItem, toPickerRows } from '../../../src/tui/present/picker.ts';
import { toSuggestionLines } from '../../../src/tui/present/prompt.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { makeField, makeForm, makeSession } from '../../fixtures/fake-host.ts';

const page = (columns: number): Page => ({ columns, nowMs: 0, glyphs: unicodeGlyphs });
const option = { id: 'o', name: 'Model', description: null, category: 'model' };

describe('what an agent is set to', () => {
  it.each<[Partial<SessionView>, string]>([
    [{}, ''],
    [{ options: [{ ...option, value: 'x', choices: [] }] }, 'x'],
    [{ options: [{ ...option, category: null, value: 'x', choices: [] }] }, ''],
    [{ options: [{ ...option, id: 'model', category: null, value: 'x', choices: [] }] }, 'x'],
    [{ options: [{ ...option, value: true, choices: null }] }, 'on'],
    [{ currentMode: 'gone', modes: [] }, 'mode gone'],
    [{ currentMode: 'a\x1b[2J', modes: [] }, 'mode a\\x1b[2J'],
  ])('%j reads "%s"', (fields, text) => {
    expect(toText(toSettings(makeSession('S1', fields), page(80)))).toBe(text);
  });

  it.each<[SessionView['usage'], string]>([
    [null, ''],
    [{ used: 0, size: 0, cost: null }, ''],
    [{ used: 0, size: 0, cost: '1 USD' }, 'cost 1 USD'],
    [{ used: 199, size: 200, cost: null }, 'context 100 % of 200'],
    [{ used: 1_500, size: 1_000_000, cost: null }, 'context 0 % of 1.0M'],
  ])('usage %j reads "%s"', (usage, text) => {
    expect(toText(toUsage(makeSession('S1', { usage }), page(80)))).toBe(text);
  });

  it('gives way where there is no room', () => {
    const session = makeSession('S1', { usage: { used: 1, size: 2, cost: 'a very long way to say what it was' } });
    expect(toText(toAgentNote(session, page(24))).length).toBeLessThanOrEqual(20);
  });

  it.each([
    [999, '999'],
    [1_000, '1k'],
    [199_600, '200k'],
    [1_500_000, '1.5M'],
  ])('%i tokens are %s', (count, text) => expect(toThousands(count)).toBe(text));
});

describe('a question as it waits', () => {
  const lines = (form: ReturnType<typeof makeForm>, columns = 60): string =>
    toFormCardLines({ kind: 'form', id: 'f', card: form, session: makeSession('S1') }, page(columns))
      .map(toText)
      .join('\n');

  it('says which fields must be filled in, and their bounds', () => {
    const fields = [makeField('a', { required: true, hint: 'at most 3' }), makeField('b', { kind: 'integer' })];
    expect(lines(makeForm('F', { fields }))).toMatch(
      /a\n {4}required\n {4}at most 3\n {2}b\n {4}may stay empty\n {4}a whole/,
    );
  });

  it.each([
    ['https://example.com/x', 'its site is example.com'],
    ['https://exаmple.com/', 'its site is xn--exmple-4nf.com'],
    ['https://example.com@evil.test/', 'its site is evil.test'],
    ['not an address', 'its site is not readable'],
  ])('names the site of %s', (url, text) => expect(lines(makeForm('F', { url }))).toContain(text));

  it('shows the whole address, however long', () => {
    const url = `https://example.com/${'abcdefghij'.repeat(30)}`;
    const shown = lines(makeForm('F', { url }), 40).replaceAll(/[¬\n]/g, '');
    expect(shown).toContain(url);
  });
});

describe('a list to choose from', () => {
  const item = (name: string, group: string | null = null): PickerItem => ({ id: name, name, group, disabled: null });

  it('has a heading where a group begins, also the one of those without', () => {
    const rows = toPickerRows([item('a'), item('b', 'G'), item('c', 'G'), item('d')], page(20));
    expect(rows.map(({ line }) => toText(line).trim())).toEqual(['a', 'G', 'b', 'c', 'more', 'd']);
    expect(rows.map(({ id }) => id)).toEqual(['a', null, 'b', 'c', null, 'd']);
  });

  it.each([
    ['', true],
    ['gp', true],
    ['HOUSE gpt', true],
    ['gpt house', true],
    ['gpt other', false],
    ['x', false],
  ])('filtered by "%s" holds an entry: %s', (filter, isThere) => {
    expect(isFound(item('GPT 5', 'House'), filter)).toBe(isThere);
  });
});

describe('suggestions of the prompt', () => {
  it('say how many more there are', () => {
    const candidates = Array.from({ length: 9 }, (_, at) => ({ word: `c${at}`, description: 'd', after: ' ' }));
    const lines = toSuggestionLines(candidates, { ...page(60), glyphs: asciiGlyphs }).map(toText);
    expect(lines).toHaveLength(5);
    expect(lines[4]).toContain('(4 more)');
    expect(toSuggestionLines([], page(60))).toEqual([]);
  });
});
