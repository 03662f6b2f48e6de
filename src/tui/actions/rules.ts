/** What `+` does on a card: asks the host which rules could be made of it, lets one be chosen, and has it saved with a reason. */
import { toRuleForm, toRuleReasonForm } from '../dialogs/rule-dialogs.ts';
import type { Stage } from '../pane.ts';
import { FormOverlay } from '../panes/form-overlay.ts';
import { toSubject } from '../present/card.ts';
import { foreign } from '../present/text.ts';

export async function makeRule(stage: Stage): Promise<void> {
  const entry = stage.model.desk.current;
  if (entry?.kind !== 'gate') return;
  stage.say('Looking at what each rule would have done so far.', 'muted');
  const offer = await stage.call('policy.propose', { approval: entry.id });
  if (!offer) return;
  if (offer.steps.length === 0) return stage.say(foreign(offer.refusal ?? 'No rule can be made of this.'), 'warn');
  const subject = toSubject(entry);
  const form = toRuleForm(subject, offer.steps, (step) => {
    const save = async (because: string): Promise<string | null> => {
      try {
        const { message } = await stage.model.host.call('policy.add', { digest: step.digest, because });
        stage.say(foreign(message), 'ok');
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };
    stage.open(new FormOverlay(stage, toRuleReasonForm(step, save), entry.id));
  });
  stage.open(new FormOverlay(stage, form, entry.id));
}
