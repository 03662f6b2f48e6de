/** Commands that go on without us, as every screen sees them. It looks at no server. */
import type { Disposable } from '../base/lifecycle.ts';
import { Serial } from '../base/serial.ts';
import type { DurableNote, DurableNotes } from '../core/durable.ts';
import type { DurableView } from '../protocol/view.ts';
import type { ViewStore } from './view-store.ts';

/** Resolves once the view has those that an earlier host left. */
export async function feedDurables(
  notes: Pick<DurableNotes, 'list' | 'forgetOldDone' | 'onChanged'>,
  store: ViewStore,
  nowMs: number,
): Promise<Disposable> {
  // One after the other: an older list never comes after a newer one.
  const looks = new Serial();
  const publish = async (): Promise<void> => {
    const durables = (await notes.list()).map(toView);
    // Most hosts never have one.
    if (durables.length > 0 || store.view.durables.length > 0) store.publish({ type: 'durables.replaced', durables });
  };
  await notes.forgetOldDone(nowMs);
  const subscription = notes.onChanged(() => void looks.run(publish));
  await looks.run(publish);
  return subscription;
}

function toView({ id, server, title, startedAt, state, exitCode, doneAt }: DurableNote): DurableView {
  const done = doneAt === null ? {} : { isDone: true as const };
  return { id, server, title, startedAtMs: Date.parse(startedAt), state, exitCode, ...done };
}
