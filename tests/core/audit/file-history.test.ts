/** The history of one file: which changes belong to it, and where somebody else changed it in between. */
import { describe, expect, it } from 'vitest';
import { toFileHistory } from '../../../src/core/audit/file-history.ts';
import type { AuditOutcome, AuditRecord, AuditRow } from '../../../src/core/audit/record.ts';

const row = (id: string, outcome: AuditOutcome): AuditRow => ({
  ...{
    id,
    seq: 1,
    ts: '2026-11-20T10:00:00.000Z',
    session: null,
    agent: 'demo',
    origin: 'agent',
    tool: 'remote_write_file',
  },
  ...{ server: 'web-1', summary: '/a', decision: '', rule: '', approver: null, outcome, code: null, exitCode: null },
  ...{ durationMs: null, commit: 'c', acknowledged: false },
});

type Step = readonly [id: string, outcome: AuditOutcome, before: string | null, after: string | null, path?: string];

const history = (...steps: readonly Step[]) =>
  toFileHistory(
    steps.map(([id, outcome, beforeSha256, afterSha256, path = '/a']) => ({
      row: row(id, outcome),
      records: [
        { type: 'intent', id, path },
        { type: 'permit', id, beforeSha256 },
        { type: 'result', id, afterSha256, changedPath: path },
      ] as unknown as AuditRecord[],
    })),
    '/a',
  ).map(({ id, before, after, drift }) => ({ id, before, after, drift }));

describe('history', () => {
  it('tells changes that follow one another without drift', () => {
    expect(
      history(['1', 'ok', null, 'x'], ['2', 'ok', 'x', 'y'], ['3', 'ok', 'y', null], ['4', 'ok', null, 'z']),
    ).toEqual([
      { id: '1', before: null, after: 'x', drift: null },
      { id: '2', before: 'x', after: 'y', drift: null },
      { id: '3', before: 'y', after: null, drift: null },
      { id: '4', before: null, after: 'z', drift: null },
    ]);
  });

  it.each<[string, Step[], ({ expected: string | null; found: string | null } | null)[]]>([
    [
      'a change in between',
      [
        ['1', 'ok', null, 'x'],
        ['2', 'ok', 'w', 'y'],
      ],
      [null, { expected: 'x', found: 'w' }],
    ],
    [
      'a removal in between',
      [
        ['1', 'ok', null, 'x'],
        ['2', 'ok', null, 'y'],
      ],
      [null, { expected: 'x', found: null }],
    ],
    [
      'a creation after a deletion',
      [
        ['1', 'ok', 'x', null],
        ['2', 'ok', 'x', 'y'],
      ],
      [null, { expected: null, found: 'x' }],
    ],
    [
      'drift that a refused change saw',
      [
        ['1', 'ok', null, 'x'],
        ['2', 'denied', 'w', 'q'],
        ['3', 'ok', 'w', 'y'],
      ],
      [null, { expected: 'x', found: 'w' }, null],
    ],
    [
      'a refused change that changed nothing',
      [
        ['1', 'ok', null, 'x'],
        ['2', 'denied', 'x', 'q'],
        ['3', 'ok', 'x', 'y'],
      ],
      [null, null, null],
    ],
    [
      'nothing after an outcome nobody knows',
      [
        ['1', 'unknown-outcome', null, 'x'],
        ['2', 'ok', 'w', 'y'],
      ],
      [null, null],
    ],
    [
      'drift after a partial failure',
      [
        ['1', 'partial_failure', null, 'x'],
        ['2', 'ok', 'w', 'y'],
      ],
      [null, { expected: 'x', found: 'w' }],
    ],
    [
      'nothing of other files',
      [
        ['1', 'ok', null, 'x'],
        ['2', 'ok', 'w', 'y', '/b'],
        ['3', 'ok', 'x', 'y'],
      ],
      [null, null],
    ],
  ])('says %s', (_what, steps, drifts) => {
    expect(history(...steps).map((step) => step.drift)).toEqual(drifts);
  });
});
