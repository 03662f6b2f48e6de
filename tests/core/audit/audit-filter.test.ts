/** The filter language: what it understands, what it refuses, and that it never guesses. */

import { describe, expect, it } from 'vitest';
import { type AuditFilter, parseAuditFilter, toFilterMatcher } from '../../../src/core/audit/audit-filter.ts';
import type { AuditRow } from '../../../src/core/audit/record.ts';
import fc, { anyCharacter } from '../../fixtures/properties.ts';

const nowMs = Date.parse('2026-11-20T12:00:30.000Z');
const parse = (text: string): AuditFilter => parseAuditFilter(text, nowMs);

const row: AuditRow = {
  id: 'mi7x-abcde',
  seq: 4,
  ts: '2026-11-20T10:00:00.000Z',
  session: 's1',
  agent: 'demo',
  origin: 'agent',
  tool: 'remote_exec',
  server: 'web-1',
  summary: 'systemctl restart Nginx',
  decision: 'approval-required',
  rule: 'unknown-command',
  approver: 'operator@screen',
  outcome: 'denied',
  code: 'APPROVAL_DENIED',
  exitCode: null,
  durationMs: null,
  commit: null,
  acknowledged: false,
};

describe('a row is found', () => {
  it.each([
    [''],
    ['   '],
    ['server:web-1'],
    ['server:"web-1"'],
    ['server:db-1 server:web-1'],
    ['-server:db-1'],
    ['session:s1 agent:demo'],
    ['tool:exec'],
    ['tool:remote_exec'],
    ['decision:approval-required'],
    ['outcome:denied'],
    ['outcome:ok outcome:denied'],
    ['-outcome:ok'],
    ['rule:unknown-command'],
    ['id:mi7x'],
    ['since:3h'],
    ['since:2h'],
    ['since:7d until:90m'],
    ['since:2026-11-20'],
    ['until:2026-11-20'],
    ['until:2026-11-20T10:00:01Z'],
    ['since:2026-11-20T12:00+02:00'],
    ['nginx'],
    ['RESTART nginx'],
    ['nginx restart'],
    ['"restart nginx"'],
    ['"restart nginx'],
    ['server:web-1 tool:exec outcome:denied since:1w nginx'],
    ['approval_denied'],
  ])('by %s', (text) => {
    expect(toFilterMatcher(parse(text))(row)).toBe(true);
  });
});

describe('a row is not found', () => {
  it.each([
    ['server:web'],
    ['server:WEB-1'],
    ['server:web-11'],
    ['server:db-1'],
    ['-server:web-1'],
    ['server:web-1 -outcome:denied'],
    ['session:s'],
    ['session:s2'],
    ['agent:claude'],
    ['tool:read_file'],
    ['tool:remote_'],
    ['decision:auto-allow'],
    ['outcome:ok'],
    ['outcome:ok outcome:failed'],
    ['rule:unknown'],
    ['id:i7x'],
    ['since:1h'],
    ['since:119m'],
    ['since:60s'],
    ['until:2h'],
    ['until:2026-11-19'],
    ['since:2026-11-21'],
    ['until:2026-11-20T10:00:00Z'],
    ['since:2026-11-20T10:00:00.001Z'],
    ['"nginx restart"'],
    ['nginx apache'],
    ['"server:web-1"'],
    ['foo:bar'],
    ['server:web-1 nginx outcome:ok'],
    ['-nginx'],
  ])('by %s', (text) => {
    expect(toFilterMatcher(parse(text))(row)).toBe(false);
  });
});

describe('a filter that cannot be meant is refused', () => {
  it.each([
    ['server:', /needs a value/],
    ['server: web-1', /needs a value/],
    ['server:""', /needs a value/],
    ['-tool:', /needs a value/],
    ['outcome:maybe', /must be one of ok, failed/],
    ['outcome:OK', /must be one of/],
    ['since:', /is no time/],
    ['since:yesterday', /is no time/],
    ['since:2', /is no time/],
    ['since:-2h', /is no time/],
    ['since:2y', /is no time/],
    ['since:2026-13-01', /is no time/],
    ['since:2026-1-1', /is no time/],
    ['until:12:00', /is no time/],
    ['until:1e3s', /is no time/],
    ['until:2026-11-20 since:soon', /is no time/],
  ])('%s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('what is no condition', () => {
  it.each([
    ['10:30', ['10:30']],
    ['https://example.org/x', ['https://example.org/x']],
    ['"outcome:ok"', ['outcome:ok']],
    ['-since:2h', ['-since:2h']],
    ['Server:web-1', ['Server:web-1']],
    ['a  b\tc', ['a', 'b', 'c']],
  ])('%s is text', (text, texts) => {
    expect(parse(text)).toEqual({ conditions: [], sinceMs: null, untilMs: null, texts });
  });
});

describe('laws', () => {
  it('every input gives a filter or INVALID_ARGUMENT', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
        try {
          toFilterMatcher(parse(text))(row);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
        }
      }),
    );
  });

  it('a condition and its exclusion never hold together', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('server:web-1', 'outcome:ok', 'tool:exec', 'agent:x', 'rule:unknown-command'),
        (text) => {
          expect(toFilterMatcher(parse(text))(row)).toBe(!toFilterMatcher(parse(`-${text}`))(row));
        },
      ),
    );
  });
});
