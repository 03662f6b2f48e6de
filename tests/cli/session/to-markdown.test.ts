/** A long message is kept in parts, and what was done is told by the agent and by the log; the document has each once. */
import { expect, it } from 'vitest';
import type { ExportedEntry } from '../../../src/cli/session/export-session.ts';
import { toMarkdown } from '../../../src/cli/session/to-markdown.ts';
import { makeText } from '../../fixtures/fake-host.ts';

const operation: Extract<ExportedEntry, { kind: 'operation' }> = {
  kind: 'operation',
  operation: {
    ...{ type: 'operation', id: 'A1', tool: 'remote_exec', server: 'web-1', summary: 'df', status: 'ok' },
    ...{ code: null, exitCode: 0, atMs: 0 },
  },
};

/** What comes after the head, of these texts of an agent and what is between them. */
function toBody(...parts: readonly (string | ExportedEntry)[]): string {
  const entries = parts.map((part, id): ExportedEntry => {
    return typeof part === 'string' ? { kind: 'item', item: makeText(id, 'agent', part), files: [] } : part;
  });
  const head = { id: 'S1', title: 'Disks', agents: ['pi'], servers: ['web-1'], createdAtMs: 0, changedMs: 0 };
  const markdown = toMarkdown({ ...head, isEnded: true, workspace: null, entries });
  return markdown.slice(markdown.indexOf('### ')).trimEnd();
}

const lines = `Look:\n\n\`\`\`sh\n${'echo 1\n'.repeat(2_000)}`;
const cut = lines.padEnd(16_380, '#');

it.each([
  ['ended with a line, as parts do', [lines, 'echo 2\n```\n\nAll.'], `### pi\n\n${lines}echo 2\n\`\`\`\n\nAll.`],
  ['was cut in the middle of a fence', [`${cut}\n\``, '``\n\nAll.'], `### pi\n\n${cut}\n\`\`\`\n\nAll.`],
  ['had three parts', [lines, lines, 'end'], `### pi\n\n${lines}${lines}end`],
])('joins the parts of a message whose part %s', (_how, parts, expected) => {
  expect(toBody(...parts)).toBe(expected);
});

it.each([
  ['short messages', ['One.\n', 'Two.'], 'One.\n\n### pi\n\nTwo.'],
  ['what a command stands between', [lines, operation, 'Two.'], 'audit `A1`\n\n### pi\n\nTwo.'],
  ['a long one that ended in a word', [`${lines}end`, 'Two.'], 'end\n\n### pi\n\nTwo.'],
])('leaves apart %s', (_what, parts, end) => {
  expect(toBody(...parts).endsWith(end)).toBe(true);
});

const patch: Extract<ExportedEntry, { kind: 'operation' }> = {
  kind: 'operation',
  operation: {
    ...{ type: 'operation', id: 'A2', tool: 'remote_patch_file', server: 'web-1', summary: 'patch /etc/motd' },
    ...{ status: 'ok', code: null, exitCode: null, atMs: 10 },
  },
};
const call = (id: number, fields: object): ExportedEntry => {
  const item = { id, kind: 'tool', toolCallId: `c${id}`, title: 'signalbox_tool', toolKind: 'other', atMs: 5 } as const;
  return { kind: 'item', item: { ...item, status: 'completed', detail: '', ...fields }, files: [] };
};
const asked = { tool: 'remote_exec', server: 'web-1', summary: 'df' };

it.each([
  ['whose answer names the operation', [operation, call(1, { detail: 'done\naudit: id A1xx' })], 1],
  [
    'whose answer names it',
    [{ ...operation, operation: { ...operation.operation, id: 'A1xx' } }, call(1, { detail: 'audit: id A1xx' })],
    0,
  ],
  ['that asked for it', [call(1, { asked }), operation], 0],
  ['whose title names server and words', [call(1, { title: 'web-1: patch /etc/motd' }), patch], 0],
  ['made twice, with one operation', [call(1, { asked }), operation, call(2, { asked })], 1],
  ['that asked for something else', [call(1, { asked: { ...asked, summary: 'df -h' } }), operation], 1],
  ['much earlier', [call(1, { asked, atMs: -3_600_000 }), operation], 1],
  ['of the agent itself', [call(1, { title: 'Read notes.md' }), operation], 1],
])('has, of a call %s, the lines that tell something new', (_what, entries, count) => {
  const lines = toBody('begins', ...(entries as ExportedEntry[])).split('\n');
  expect(lines.filter((line) => line.startsWith('- ended tool'))).toHaveLength(count);
  expect(lines.filter((line) => line.startsWith('- done'))).toHaveLength(1);
});

it('shows what was changed in a file, whatever stands in it', () => {
  const diff = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+```sh  \n';
  const shown = '  ````diff\n  --- a/x\n  +++ b/x\n  @@ -1 +1 @@\n  -old\n  +```sh  \n  ````';
  expect(toBody('begins', { ...patch, diff })).toContain(`audit \`A2\`\n\n${shown}`);
  expect(toBody('begins', { ...patch, isDiffLong: true })).toContain('`signalbox audit diff A2` shows it.');
  expect(toBody('begins', call(1, { diffs: [{ path: '/x', diff }] }))).toContain(shown);
});
