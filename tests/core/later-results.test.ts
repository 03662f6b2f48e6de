/** What following a durable command tells of the operation that started it, and of those that left it. */
import { describe, expect, it } from 'vitest';
import type { DurableAction } from '../../src/core/action.ts';
import type { AuditRecord } from '../../src/core/audit/record.ts';
import { toFollowers, toLaterResults, toPlayed } from '../../src/core/later-results.ts';
import type { ExecOutcome } from '../../src/core/ports.ts';

type Durable = NonNullable<ExecOutcome['durable']>;

const none = new Uint8Array();
const running: Durable = { id: 'd-1', state: 'running', exitCode: null, folder: null, doneAt: null };
const ended = (exitCode: number): Durable => ({ ...running, state: 'ended', exitCode });
const result = (fields: object): AuditRecord => ({ id: 'd-1', type: 'result', ...fields }) as AuditRecord;
const left = result({ goesOn: true });

function tell(act: DurableAction['act'], durable: Durable, records: readonly AuditRecord[], how: Partial<ExecOutcome>) {
  const outcome: ExecOutcome = {
    ...{ kind: 'exec', exitCode: durable.exitCode, signal: null, ended: 'exit', durable },
    ...{ stdout: none, stderr: none, stdoutBytes: 0, stderrBytes: 0, ...how },
  };
  const action: DurableAction = { kind: 'durable', act, command: 'd-1', timeoutMs: 1_000, outputBytesMax: 1_000 };
  const target = { id: 'web-1', address: 'ops@web-1:22' };
  return toLaterResults({ id: 'f-1', target, action, outcome }, { records: async () => records });
}

describe('following a durable command', () => {
  it('to its end tells of the command how it ended, and of each that followed it and left', async () => {
    const told = await tell('follow', ended(3), [left, result({ goesOn: true, followedBy: 'f-0' })], {});
    const end = { type: 'result', origin: 'program', status: 'error', code: 'NON_ZERO_EXIT', exitCode: 3 };
    expect(told).toEqual([
      { ...end, id: 'd-1', tool: 'remote_exec', server: 'web-1', target: 'ops@web-1:22', followedBy: 'f-1' },
      { ...end, id: 'f-0', tool: 'durable_command', server: 'web-1', target: 'ops@web-1:22' },
    ]);
  });

  it.each([
    ['left again goes on', 'follow', running, [left], { ended: 'cancelled' }, { goesOn: true, followedBy: 'f-1' }],
    ['with 0 is done', 'stop', ended(0), [left], {}, { status: 'ok', exitCode: 0, followedBy: 'f-1' }],
    ['of a host that was killed is known', 'follow', ended(0), [result({ type: 'permit' })], {}, { status: 'ok' }],
    ['that vanished is not known', 'follow', { ...running, state: 'lost' }, [left], {}, { outcomeUnknown: true }],
    ['that was unknown is known', 'follow', ended(0), [result({ outcomeUnknown: true })], {}, { status: 'ok' }],
  ] as const)('that is %s', async (_what, act, durable, records, how, told) => {
    expect(await tell(act, durable, records, how)).toMatchObject([{ id: 'd-1', ...told }]);
  });

  it('is told of by a look, too, which followed nothing', async () => {
    const [told] = await tell('look', ended(3), [left], { exitCode: 0 });
    expect(told).toMatchObject({ code: 'NON_ZERO_EXIT', exitCode: 3 });
    expect(told).not.toHaveProperty('followedBy');
  });

  it('names who has read the rest of one that a look has told the end of', async () => {
    const looked = result({ origin: 'program', status: 'error', exitCode: 3 });
    const records = [left, result({ origin: 'program', goesOn: true, followedBy: 'f-0' }), looked];
    const told = await tell('follow', ended(3), records, { stdoutBytes: 5 });
    expect(told).toMatchObject([{ id: 'd-1', exitCode: 3, followedBy: 'f-1' }]);
    const all = [...records, result(told[0] ?? {})];
    expect(toFollowers(all)).toEqual(['f-0', 'f-1']);
    expect(await tell('follow', ended(3), all, { stdoutBytes: 5 })).toEqual([]);
  });

  it.each([
    ['that was left', [left, result({ origin: 'program', followedBy: 'f-1' })], ['f-1']],
    ['of a host that was killed', [result({ origin: 'program', followedBy: 'f-1' })], ['f-1']],
    [
      'that saw the end itself, beside another that followed it',
      [result({ origin: 'program', followedBy: 'f-1' }), result({ status: 'ok' })],
      [],
    ],
  ])('names whose recordings have the rest of one %s', (_which, records, followers) => {
    expect(toFollowers(records)).toEqual(followers);
  });

  it('is played as it began, up to whoever saw the end: what others saw beside that one is in its recording', () => {
    const follower = (id: string, ts: string, end: object) => ({
      id,
      records: [result({ ts, type: 'intent' }), result(end)],
    });
    const early = follower('f-1', '2026-11-22T01:00:00.000Z', { goesOn: true });
    const whole = follower('f-2', '2026-11-22T02:00:00.000Z', { status: 'ok' });
    const beside = follower('f-3', '2026-11-22T03:00:00.000Z', { goesOn: true });
    expect(toPlayed([early, beside, whole]).map(({ id }) => id)).toEqual(['f-1', 'f-2']);
    expect(toPlayed([beside, early]).map(({ id }) => id)).toEqual(['f-1', 'f-3']);
  });

  it.each([
    ['a look at one that runs', 'look', running, [left], {}],
    ['a removal', 'remove', ended(0), [left], {}],
    ['an end that the log has', 'follow', ended(3), [left, result({ status: 'error', exitCode: 3 })], {}],
    ['one of which the log has nothing any more', 'follow', ended(3), [], {}],
  ] as const)('tells nothing of %s', async (_what, act, durable, records, how) => {
    expect(await tell(act, durable, records, how)).toEqual([]);
  });
});
