/** A long message is kept in parts; the document has it as it came. */
import { expect, it } from 'vitest';
import type { ExportedEntry } from '../../../src/cli/session/export-session.ts';
import { toMarkdown } from '../../../src/cli/session/to-markdown.ts';
import { makeText } from '../../fixtures/fake-host.ts';

const operation: ExportedEntry = {
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
