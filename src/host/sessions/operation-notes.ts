/** Tells what the gate did for sessions, once each operation has ended: what their transcripts keep beside the words of agents. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import type { Activity, Gate } from '../../core/gate.ts';
import type { OperationEntry } from './read-transcript.ts';

type Started = Extract<Activity, { kind: 'started' }>;

export function noteOperations(
  gate: Pick<Gate, 'onActivity'>,
  clock: Clock,
  note: (session: string, entry: OperationEntry) => void,
): Disposable {
  const running = new Map<string, Pick<Started, 'server' | 'tool' | 'summary'> & { readonly session: string }>();
  return gate.onActivity((activity) => {
    if (activity.kind === 'started') {
      const { id, caller, server, tool, summary } = activity;
      if (caller.session !== null) running.set(id, { session: caller.session, server, tool, summary });
      return;
    }
    const known = running.get(activity.id);
    if (!known) return;
    // An edit changes what runs.
    if (activity.kind === 'running') running.set(activity.id, { ...known, summary: activity.summary });
    if (activity.kind !== 'ended') return;
    running.delete(activity.id);
    const { status, code, execution } = activity.envelope;
    const { session, server, tool, summary } = known;
    note(session, {
      ...{ type: 'operation', id: activity.id, tool, server, summary, status, code: code ?? null },
      ...{ exitCode: execution.exitCode ?? null, atMs: clock.nowMs() },
    });
  });
}
