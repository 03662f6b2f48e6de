/** The Servers view: what the last test of a server puts into its row and its details. */
import { describe, expect, it } from 'vitest';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { type TestState, toServerDetails, toServerRow } from '../../../src/tui/present/servers.ts';
import type { StyledLine } from '../../../src/tui/styled.ts';
import { makeServer } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 160, nowMs: 10_000, glyphs: unicodeGlyphs };
const key = `SHA256:${'k'.repeat(43)}`;
const known = { name: 'Host key', ok: true, detail: `The key ${key} is known.` };
const refused = { name: 'Login', ok: false, detail: 'web-1 refused the key.' };

describe('the last test of a server', () => {
  it.each<[string, TestState | null, string | null, string]>([
    ['none', null, null, ''],
    ['running', { kind: 'running' }, null, 'testing'],
    ['passed', { kind: 'done', steps: [known] }, null, 'tested'],
    ['stopped at a step', { kind: 'done', steps: [known, refused] }, null, 'Login: web-1 refused the key.'],
    ['failed as a whole', { kind: 'failed', message: 'The host is gone.' }, null, 'The host is gone.'],
    ['older than a problem', { kind: 'done', steps: [known] }, 'It is unreachable.', 'It is unreachable.'],
  ])('is in its row: %s', (_name, test, problem, expected) => {
    const row = textOf(toServerRow(makeServer('web-1', { problem }), test, page));
    expect(row.slice(90).replace(/^ *[^A-Za-z ]? ?/, '')).toBe(expected);
  });

  it('tells the host key where no connection has', () => {
    const details = toServerDetails(makeServer('web-1', { hostKey: null }), { kind: 'done', steps: [known] }, page);
    expect(details.map(textOf)).toContain(`host key      ${key}`);
    expect(
      toServerDetails(makeServer('web-1', { hostKey: null }), null, page)
        .map(textOf)
        .join(),
    ).toContain('checked when it connects');
  });
});

function textOf(line: StyledLine): string {
  return line.map((each) => each.text).join('');
}
