/** Who may approve where: the command line does not while an agent that is NOT CONTAINED may run, whatever its session is doing. */
import { describe, expect, it } from 'vitest';
import type { Approvals } from '../../src/core/approval/approval.ts';
import { answerCard } from '../../src/host/approval-cards.ts';
import { toNewSession, toSessionView } from '../../src/host/sessions/new-session.ts';
import { ViewStore } from '../../src/host/view-store.ts';
import type { Params } from '../../src/protocol/methods.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import type { SessionState, SessionView } from '../../src/protocol/view.ts';

type Isolation = SessionView['isolation']['state'];

function approveFromCommandLine(state: SessionState, isolation: Isolation): unknown {
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const kept = toNewSession('s1', { agent: { id: 'scripted' }, servers: ['web-1'] }, ['web-1'], null, 0);
  const session = { ...toSessionView(kept, [], 'resting'), state, isolation: { state: isolation, reason: 'why' } };
  store.publish({ type: 'session.added', session });
  const approvals = { answer: () => ({ accepted: true }) } as unknown as Approvals;
  const settings = {
    ...{ allowNonInteractive: true, requireIsolation: false, closeIdleAgentsAfterMs: 0, transcriptsBytesMax: 1e9 },
  };
  const params: Params<'approval.answer'> = { id: 'a1', answer: { kind: 'approve', grant: 'once' }, via: 'cli' };
  return answerCard({ approvals, settings }, store, params, 'cli');
}

describe('approving at the command line', () => {
  it.each<[SessionState, Isolation]>([
    ['idle', 'NOT CONTAINED'],
    ['working', 'NOT CONTAINED'],
    ['restarting', 'NOT CONTAINED'],
    // Its other agent rests, and runs.
    ['failed', 'NOT CONTAINED'],
    ['resting', 'NOT CONTAINED'],
    // Its process is on its way out.
    ['ended', 'NOT CONTAINED'],
    ['starting', 'not running'],
    ['starting', 'isolated'],
  ])('is refused while a session is %s and %s', (state, isolation) => {
    expect(() => approveFromCommandLine(state, isolation)).toThrow('only a screen may approve');
  });

  it.each<[SessionState, Isolation]>([
    ['failed', 'not running'],
    ['resting', 'not running'],
    ['idle', 'isolated'],
    ['working', 'isolated, host network'],
  ])('is possible while a session is %s and %s', (state, isolation) => {
    expect(approveFromCommandLine(state, isolation)).toEqual({ accepted: true, late: null });
  });
});
