/** Audit rows, host keys in question, and how durations, sizes and environments are said. */
import { describe, expect, it } from 'vitest';
import type { AuditRowView } from '../../../src/protocol/methods.ts';
import { toAuditColumns, toAuditDetailLines, toAuditHeading, toAuditRow } from '../../../src/tui/present/audit.ts';
import { type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { hasUnknownKey, toKeyOwner, toOfferedKey } from '../../../src/tui/present/server-trust.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { toBytes, toDuration, toEnvironmentWord, toSpan } from '../../../src/tui/present/words.ts';
import { makeServer } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 60, nowMs: 10_000, glyphs: unicodeGlyphs };

describe('an audit row', () => {
  const row: AuditRowView = {
    ...{
      id: 'A1',
      seq: 1,
      ts: '2026-01-02T03:04:05.000Z',
      session: 'S1',
      agent: 'demo',
      origin: 'agent',
      tool: 'remote_exec',
    },
    ...{
      server: 'web-1',
      summary: 'df -h',
      decision: 'approval-required',
      rule: 'r',
      approver: 'operator@screen',
      outcome: 'error',
    },
    ...{ code: 'NON_ZERO_EXIT', exitCode: 3, durationMs: 1, commit: null, acknowledged: false },
  };
  const rowAt = (of: typeof row, columns: number): string =>
    toText(toAuditRow(of, toAuditColumns([of], { ...page, columns }), { ...page, columns }));

  it.each([
    [80, ['01-02 03:04 ', 'web-1', 'exit 3', 'person', 'exec df -h']],
    [160, ['01-02 03:04:05', 'web-1', 'exit 3', 'by operator@screen', 'demo', 'exec df -h']],
  ])('at %i columns', (columns, parts) => {
    const text = rowAt(row, columns);
    for (const part of parts) expect(text).toContain(part);
  });

  it('names no person where nobody answered in time', () => {
    expect(rowAt({ ...row, outcome: 'refused', exitCode: null, approver: 'nobody' } as never, 80)).toContain(
      ' nobody ',
    );
  });

  it.each([80, 200])('has headings that stand above their columns at %i', (columns) => {
    const widths = toAuditColumns([row], { ...page, columns });
    const heading = toText(toAuditHeading(widths, { ...page, columns }));
    const text = rowAt(row, columns);
    const values = {
      SERVER: 'web-1',
      OUTCOME: 'exit 3',
      OPERATION: 'exec',
      DECIDED: columns > 100 ? 'by op' : 'person',
    };
    for (const [title, value] of Object.entries(values)) expect(text.indexOf(value)).toBe(heading.indexOf(title));
  });

  it('says that a command was stopped while it ran, and that a request was withdrawn', () => {
    expect(rowAt({ ...row, outcome: 'failed', code: 'CANCELLED', exitCode: null }, 80)).toContain(' stopped ');
    expect(rowAt({ ...row, outcome: 'withdrawn', code: 'CANCELLED', exitCode: null }, 80)).toContain(' withdrawn ');
  });

  it('leaves the operation what short names do not need, and bounds long ones', () => {
    const long = { ...row, server: 'a-server-with-quite-a-long-name', summary: 'x' };
    expect(rowAt(row, 80).indexOf('exec')).toBeLessThan(40);
    expect(rowAt(long, 80)).toContain('a-server-with-q…');
    expect(toAuditColumns([], { ...page, columns: 80 })).toEqual({
      time: 11,
      server: 6,
      outcome: 7,
      decision: 7,
      agent: 0,
    });
  });

  it.each([
    [{ outcome: 'denied', code: 'APPROVAL_DENIED' }, 'denied by'],
    [{ outcome: 'refused', code: 'APPROVAL_EXPIRED', approver: 'nobody' }, 'answered by'],
    [{ outcome: 'ok', code: null, exitCode: 0 }, 'approved by'],
    [{ outcome: 'ok', code: null, exitCode: 0, decision: 'auto-allow', approver: 'policy' }, 'allowed by'],
  ])('begins its details with how it ended, who said so and why: %j', (fields, label) => {
    const records = [
      { seq: 1, type: 'intent' },
      { seq: 2, type: 'refused', reason: 'after hours' },
    ];
    const detail = { records, diff: null, diffNote: null };
    const lines = toAuditDetailLines({ ...row, ...fields }, detail, { shows: 'all', program: 'signalbox' }, page).map(
      toText,
    );
    expect(lines[0]).toMatch(/^outcome /);
    expect(lines[1]).toMatch(new RegExp(`^${label} `));
    expect(lines[2]).toBe('reason        after hours');
  });

  it('says that the operator changed a request before it ran, and says it of no other', () => {
    const toLines = (edited: boolean): string => {
      const detail = {
        records: [{ seq: 1, type: 'permit', ...(edited ? { edited } : {}) }],
        diff: null,
        diffNote: null,
      };
      return toAuditDetailLines(row, detail, { shows: 'all', program: 'signalbox' }, { ...page, columns: 100 })
        .map(toText)
        .join('\n');
    };
    expect(toLines(true)).toMatch(/edited +the operator changed what was asked before it ran/);
    expect(toLines(false)).not.toContain('operator changed');
  });

  it('names the command for its diff as this home needs it', () => {
    const program = 'SIGNALBOX_HOME=/tmp/x signalbox';
    const lines = toAuditDetailLines(
      { ...row, commit: 'c1' },
      null,
      { shows: 'all', program },
      { ...page, columns: 100 },
    );
    expect(lines.map(toText).join('\n')).toContain(`${program} audit diff ${row.id}`);
  });
});

describe('words', () => {
  it.each([
    [0, '0.0 s'],
    [320, '0.3 s'],
    [9_940, '9.9 s'],
    [9_999, '10 s'],
    [59_000, '59 s'],
    [250_000, '4 min 10 s'],
    [120_000, '2 min'],
    [7_500_000, '2 h 5 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(toDuration(ms)).toBe(text);
  });
  it.each([
    [-5, '0 s'],
    [59_000, '59 s'],
    [600_000, '10 min'],
    [7_200_000, '2 h'],
    [259_200_000, '3 d'],
  ])('%i ms from now is %s', (ms, text) => {
    expect(toSpan(ms)).toBe(text);
  });
  it.each([
    [12, '12 B'],
    [2_048, '2.0 KiB'],
    [5_242_880, '5.0 MiB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(toBytes(bytes)).toBe(text);
  });
  it('writes production in capitals, and says when it was assumed', () => {
    expect(toEnvironmentWord({ environment: 'production', environmentAssumed: true })).toBe('PRODUCTION (assumed)');
    expect(toEnvironmentWord({ environment: 'staging', environmentAssumed: false })).toBe('staging');
  });
});

describe('a host key in question', () => {
  const key = `SHA256:${'a'.repeat(43)}`;
  it.each([
    [`The host key ${key} of web-1 is not known.`, true],
    ['HOST_KEY_UNKNOWN', true],
    ['Unknown host key', true],
    [`The host key of web-1 (10.0.0.1:22), ssh-ed25519 ${key}, is not known yet; compare it.`, true],
    [`The host key of web-1 (10.0.0.1:22), ssh-ed25519 ${key}, is not the confirmed SHA256:x; compare it.`, true],
    [`The host key of web-1 (10.0.0.1:22) has changed: it shows ${key}; nothing was sent.`, false],
    ['The connection timed out.', false],
    [null, false],
  ])('is noticed in %j: %s', (problem, expected) => {
    expect(hasUnknownKey(makeServer('web-1', { problem }), null)).toBe(expected);
  });
  it.each([
    ['The host key of web-1 (10.0.0.1:22), ssh-ed25519', 'web-1 (10.0.0.1:22)'],
    ['The host key of the jump host bastion (::1:22), ssh-ed25519', 'the jump host bastion (::1:22)'],
    ['Unknown host key', null],
  ])('has an owner in %j: %s', (problem, owner) => {
    expect(toKeyOwner(makeServer('web-1', { problem }), null)).toBe(owner);
  });
  it('is taken from the problem, or from the last test', () => {
    expect(toOfferedKey(makeServer('web-1', { problem: `key ${key}` }), null)).toBe(key);
    expect(toOfferedKey(makeServer('web-1'), { kind: 'failed', message: `offered ${key}.` })).toBe(key);
    expect(toOfferedKey(makeServer('web-1'), null)).toBe(null);
  });
});
