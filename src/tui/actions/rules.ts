/** What `+` does on a card: asks the host which rules could be made of it, lets one be chosen, and has it saved with a reason. */
import { toRuleForm, toRuleReasonForm } from '../dialogs/rule-dialogs.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toSubject } from '../present/card.ts';
import type { QueueEntry } from '../queue.ts';

export async function makeRule(stage: Stage): Promise<void> {
  const entry = stage.model.desk.current;
  if (entry?.kind !== 'gate') return;
  stage.say('Looking at what each rule would have done so far.', 'muted');
  await stage.openLater(() => findRules(stage, entry));
}

async function findRules(stage: Stage, entry: QueueEntry & { readonly kind: 'gate' }): Promise<(() => void) | null> {
  const offer = await stage.call('policy.propose', { approval: entry.id });
  // Whoever went on to another card meanwhile is not interrupted.
  if (!offer || stage.model.desk.current?.id !== entry.id) return null;
  if (offer.steps.length === 0) {
    stage.say(offer.refusal ?? 'No rule can be made of this.', 'warn');
    return null;
  }
  const subject = toSubject(entry);
  const form = toRuleForm(subject, offer.steps, (step) => {
    const save = async (because: string): Promise<string | null> => {
      try {
        const { message } = await stage.model.host.call('policy.add', { digest: step.digest, because });
        stage.say(message, 'ok');
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };
    // Not about the card any more: saving the rule may answer it.
    stage.open(new FormOverlay(stage, toRuleReasonForm(step, save)));
  });
  return () => stage.open(new FormOverlay(stage, form, entry.id));
}
