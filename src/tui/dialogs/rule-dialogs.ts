/** The two questions on the way from a card to a rule: which one, and why. The second shows everything that will be saved. They send nothing. */
import type { RuleStepView } from '../../protocol/methods.ts';
import type { FormSpec } from '../form-model.ts';
import { keyWord } from '../key-words.ts';
import { exactLines, foreign, plain, span } from '../present/text.ts';
import { toCount } from '../present/words.ts';

export function toRuleForm(
  subject: string,
  steps: readonly RuleStepView[],
  choose: (step: RuleStepView) => void,
): FormSpec {
  return {
    title: 'Make a rule',
    intro: [
      plain(subject, 'code'),
      [],
      plain(
        'Each step is wider than the one before. The next dialog shows the whole rule before it is saved.',
        'muted',
      ),
    ],
    fields: [
      {
        kind: 'one',
        name: 'step',
        label: 'Rule',
        options: steps.map((step) => ({
          id: step.digest,
          label: [
            span(foreign(step.words), step.decision === 'auto-allow' ? 'text' : 'warn'),
            span(`  ${toShort(step.replay)}`, 'muted'),
          ],
          disabled: null,
        })),
        chosen: [],
      },
    ],
    verb: 'shows it',
    submit(values) {
      const step = steps.find(({ digest }) => digest === values.chosen('step')[0]);
      if (!step) return `Choose a rule with ${keyWord('form', 'toggleChoice')}.`;
      choose(step);
      return null;
    },
  };
}

/** What is typed here is the only part of the rule that was not shown before. */
export function toRuleReasonForm(step: RuleStepView, save: (because: string) => Promise<string | null>): FormSpec {
  return {
    title: step.decision === 'auto-allow' ? 'Save a rule that allows' : 'Save a rule that forbids',
    intro: [
      plain(`${foreign(step.words)}.`, step.decision === 'auto-allow' ? 'text' : 'warn'),
      [],
      ...exactLines(step.text).map((line) => plain(line, 'code')),
      [],
      plain(toReplaySentence(step.replay)),
    ],
    fields: [{ kind: 'text', name: 'because', label: 'Why', placeholder: 'for example: harmless, and done every day' }],
    verb: 'saves it',
    submit(values) {
      const because = values.text('because').trim();
      return because === ''
        ? `Write why, for whoever reads the rule later, or leave with ${keyWord('form', 'close')}.`
        : save(because);
    },
  };
}

function toShort({ matched, denied }: RuleStepView['replay']): string {
  return `matches ${matched} past${denied > 0 ? `, ${denied} denied` : ''}`;
}

/** "It would have matched 14 past actions, of which 0 were denied." */
export function toReplaySentence({ matched, denied, unknown, actionsMax }: RuleStepView['replay']): string {
  const was = denied === 1 ? 'was' : 'were';
  const past = toCount(matched, 'past action');
  const found = `Of the newest ${actionsMax} commands it would have matched ${past}, of which ${denied} ${was} denied.`;
  const hidden =
    unknown === 0 ? '' : ` ${toCount(unknown, 'more is', 'more are')} redacted in the log, so nobody can tell.`;
  return `${found}${hidden}`;
}
