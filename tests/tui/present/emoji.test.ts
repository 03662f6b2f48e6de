/** Where an emoji of somebody else's words is shown, and where it stays an escape: it is shown where one only reads. */
import { describe, expect, it } from 'vitest';
import { cardLines } from '../../../src/protocol/card.ts';
import { toCardBody } from '../../../src/tui/present/card.ts';
import { toConversationTitle } from '../../../src/tui/present/conversation.ts';
import { toMessageLines } from '../../../src/tui/present/hint-line.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toPickerRows } from '../../../src/tui/present/picker.ts';
import { toSuggestionLines } from '../../../src/tui/present/prompt.ts';
import { toBlockHead } from '../../../src/tui/present/server-pane.ts';
import { toSessionColumns, toSessionRow } from '../../../src/tui/present/sessions.ts';
import { columnsOf, toText } from '../../../src/tui/present/text.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import { makeBlock, makeCard, makeSession, makeWriteCard } from '../../fixtures/fake-host.ts';

const rocket = '\u{1f680}';
const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
const words = `${rocket}${family} x\u202ey`;
const page: Page = { columns: 100, nowMs: 10_000, glyphs: unicodeGlyphs };
const session = makeSession('S1', { title: words });
const card = (fields = {}) => ({ kind: 'gate', id: 'c', card: makeCard('c', fields) }) as const;
const all = (lines: readonly StyledLine[]): string => lines.map(toText).join('\n');
const command = (line: string) => ({ kind: 'command', argv: null, line, cwd: null, stdin: null, parts: [] }) as const;

describe('an emoji', () => {
  it.each([
    ['the title of a session in the list', toText(toSessionRow(session, 'elsewhere', page))],
    ['the title of a conversation', toText(toConversationTitle(session, page))],
    ['who asked for what a block shows', all(toBlockHead(makeBlock('b', { who: words }), page))],
    [
      'the name of a file that completes a word',
      all(toSuggestionLines([{ word: words, description: '', after: '' }], page)),
    ],
    [
      'what can be picked',
      toPickerRows([{ id: 'a', name: words, disabled: null }], page)
        .map(({ line }) => toText(line))
        .join(),
    ],
    ['a message', all(toMessageLines({ text: words, token: 'text' }, page))],
  ])('is whole in %s, and what reorders is an escape there, too', (_place, shown) => {
    expect(shown).toContain(`${rocket}${family} x\\u202ey`);
  });

  it('takes two columns in a row of the list, and moves nothing behind it', () => {
    const other = makeSession('S1', { title: 'ab' });
    const columns = toSessionColumns([session, other], page);
    const row = toSessionRow(session, 'elsewhere', page, columns);
    const plain = toSessionRow(other, 'elsewhere', page, columns);
    expect(columnsOf(row)).toBe(columnsOf(plain));
    expect(toText(row).slice(toText(row).indexOf('idle'))).toBe(toText(plain).slice(toText(plain).indexOf('idle')));
  });

  it.each([
    ['the command of a card', all(toCardBody(card({ subject: command(`rm ${words}`) }), 'card', page))],
    ['who asks on a card', all(toCardBody(card({ who: words }), 'card', page))],
    [
      'the diff of a card',
      all(toCardBody({ kind: 'gate', id: 'c', card: makeWriteCard('c', `+${words}`) }, 'diff', page)),
    ],
    [
      'a card at the terminal',
      cardLines(makeCard('c', { subject: command(`rm ${words}`) }), 80)
        .map(({ text }) => text)
        .join(''),
    ],
    ['the command of a block', all(toBlockHead(makeBlock('b', { summary: words }), page))],
  ])('stays an escape in %s', (_place, shown) => {
    expect(shown).not.toMatch(/[\u{1f000}-\u{1ffff}\u200d]/u);
    expect(shown.replaceAll(/\s|¬/g, '')).toContain('\\u{1f680}\\u{1f468}\\u200d\\u{1f469}');
  });
});
