/** What is copied of an item: its words as they came, each block of its code, the differences of a call. */
import { expect, it } from 'vitest';
import { toCodeBlocks, toItemSource } from '../../../src/tui/present/item-source.ts';
import { makeText, makeTool } from '../../fixtures/fake-host.ts';

const diff = '--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n';

it.each([
  [makeText(1, 'agent', '\n\n# **A**\n- b \n\n'), '# **A**\n- b'],
  [makeText(1, 'thought', 'why'), 'why'],
  [makeTool(1, { title: 'df', detail: 'out\n' }), 'df\nout'],
  [makeTool(1, { title: 'Edit', detail: '', diffs: [{ path: '/a', diff }] }), `Edit\n${diff}`],
  [makeTool(1, { title: 'Edit', detail: 'x', diffs: [{ path: '/big', diff: null }] }), 'Edit\n/big\nx'],
])('%j is copied as %j', (item, expected) => {
  expect(toItemSource(item)).toBe(expected);
});

it.each([
  ['no code', []],
  ['`ls`', []],
  ['```sh\nls\n```\ntext\n~~~\na\n\nb\n~~~', ['ls', 'a\n\nb']],
  ['1. a\n   ```sh\n   if x\n     y\n   ```', ['if x\n  y']],
  ['````md\n```\ninner\n```\n````', ['```\ninner\n```']],
  ['```\nnot closed', ['not closed']],
  ['```\n```', ['']],
])('%j has the blocks %j', (text, expected) => {
  expect(toCodeBlocks(makeText(1, 'agent', text))).toEqual(expected);
});

it('a call has the differences that it shows', () => {
  const diffs = [
    { path: '/a', diff },
    { path: '/big', diff: null },
  ];
  expect(toCodeBlocks(makeTool(1, { diffs }))).toEqual([diff]);
});
