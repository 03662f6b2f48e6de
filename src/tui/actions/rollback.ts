/**
 * What keys do to take changes back: the preview, then one request a file, each with a card of its own. Decides nothing about the files.
 */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Params, RollbackPreviewView } from '../../protocol/methods.ts';
import type { Stage } from '../pane.ts';
import { RollbackOverlay } from '../panes/rollback-overlay.ts';
import { toCount } from '../present/words.ts';

/** Shows what would happen; `handleStart` is called when the operator goes on. */
export async function rollBack(
  stage: Stage,
  request: Params<'rollback.preview'>,
  handleStart: () => void = () => undefined,
): Promise<void> {
  stage.say('Looking at what can be rolled back.', 'muted');
  await stage.openLater(async () => {
    const preview = await stage.call('rollback.preview', request);
    if (!preview) return null;
    return () => {
      stage.model.message = null;
      stage.open(
        new RollbackOverlay(stage, preview, () => {
          handleStart();
          // Where the card is: it was asked for by this very key.
          stage.perform('viewApprovals');
          void perform(stage, preview);
        }),
      );
    };
  });
}

/** One after another; the first that fails or is denied is the last. */
async function perform(stage: Stage, { steps }: RollbackPreviewView): Promise<void> {
  for (const [index, { server, path, ids }] of steps.entries()) {
    const choosing = chooseCard(stage, ids);
    const input = { server, path, ids };
    const answer = await stage.call('operation.perform', { operation: 'rollback_file', input });
    choosing.dispose();
    const left = steps.length - index - 1;
    const rest = left === 0 ? '' : ` ${toCount(left, 'more file')} not rolled back.`;
    if (!answer) return;
    const { envelope } = answer;
    if (envelope.status !== 'ok') {
      stage.say(`${envelope.message ?? envelope.code ?? envelope.status}${rest}`, 'warn');
      return;
    }
    stage.say(`Rolled back ${path} on ${server}.`, 'ok');
  }
}

/** Other cards may wait: the one that was just asked for is the one to be shown, so that no answer meets another. */
function chooseCard(stage: Stage, ids: readonly string[]): Disposable {
  const { model } = stage;
  return model.host.onChange((change) => {
    if (change.type !== 'approval.added' || change.card.subject.kind !== 'write') return;
    if (change.card.subject.rollsBack?.join() !== ids.join()) return;
    model.desk.select(change.card.id);
    stage.invalidate();
  });
}
