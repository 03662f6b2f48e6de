/** The last of a conversation in a few lines. */
import { expect, it } from 'vitest';
import { layOutMarkdown } from '../../../src/tui/present/markdown.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toSessionPreview } from '../../../src/tui/present/session-preview.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { makeSession, makeText, makeTool } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 30, nowMs: 0, glyphs: unicodeGlyphs };
const preview = (items: Parameters<typeof makeSession>[1]): readonly string[] =>
  toSessionPreview(makeSession('S1', items), page).map((line) => toText(line).trimEnd());

it('is nothing for a session in which nothing was said', () => {
  expect(preview({ items: [] })).toEqual([]);
  expect(preview({ items: [makeText(1, 'thought', 'hm')] })).toEqual([]);
});

it('says who said what, without thoughts', () => {
  const items = [
    makeText(1, 'user', 'Why is it slow?'),
    makeText(2, 'thought', 'hm'),
    makeText(3, 'agent', 'I look.\n\nAnd find.'),
  ];
  expect(preview({ items })).toEqual(['', 'Said last', '❯ Why is it slow?', '• I look.', '  And find.']);
});

it('has a call with its state', () => {
  expect(preview({ items: [makeTool(1, { title: 'web-1: df', status: 'failed' })] }).at(-1)).toBe(
    '✗ web-1: df  failed',
  );
  expect(preview({ items: [makeTool(1, { title: 'web-1: df', status: 'in_progress' })] }).at(-1)).toBe(
    '● web-1: df  running',
  );
});

it('ends with the newest line, however much was said', () => {
  const items = Array.from({ length: 40 }, (_, at) => makeText(at, 'agent', `line ${at}a\nline ${at}b`));
  const lines = preview({ items });
  expect(lines).toHaveLength(10);
  expect([lines[1], lines.at(-1)]).toEqual(['Said last  36 items before', '  line 39b']);
  expect(preview({ items: [makeText(1, 'agent', `${'x'.repeat(100_000)} end`)] }).at(-1)).toContain('end');
});

/** With Markdown, as the conversation has it; code between two bars. */
const rendered = (...texts: readonly string[]): readonly string[] => {
  const items = texts.map((text, at) => makeText(at + 1, 'agent', text));
  const lines = toSessionPreview(makeSession('S1', { items }), page, { layOut: layOutMarkdown });
  return lines.slice(2).map((line) => line.map(({ text, token }) => (token === 'code' ? `|${text}|` : text)).join(''));
};

it('has messages without the marks of their Markdown', () => {
  expect(rendered('## Disks\n\n- `df` says **full**\n- all else is *well*')).toEqual([
    '• Disks',
    '  • |df| says full',
    '  • all else is well',
  ]);
});

it.each([
  ['in one long message', [`Look:\n\n\`\`\`sh\n${'echo 1\n'.repeat(600)}echo *last*\n\`\`\`\n\nThat *is* all.`]],
  ['in the parts of one', [`Look:\n\n\`\`\`sh\n${'echo 1\n'.repeat(9)}`, 'echo *last*\n```\n\nThat *is* all.']],
])('knows code that began before what it looks at, %s', (_where, texts) => {
  expect(rendered(...texts).slice(-2)).toEqual([expect.stringMatching(/\|.*echo \*last\*.*\|/), '  That is all.']);
});
