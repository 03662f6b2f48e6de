/** Shows an agent's question on a plain terminal and reads the answer, a field a line. A page is named, and never opened. */
import { escapeExact, escapeProse } from '../base/display/escape.ts';
import type { AgentForm, FormAnswer, FormField, FormValue } from '../core/agents.ts';
import { askLine, canAsk } from './ask.ts';
import { type CliIo, printNote } from './output.ts';

/** Without a terminal nobody has agreed to anything. */
export async function answerForm(
  io: CliIo,
  form: AgentForm,
  { isWithdrawn }: { isWithdrawn(): boolean },
): Promise<FormAnswer> {
  if (form.message !== '') printNote(io, escapeProse(form.message));
  if (form.url !== null) printNote(io, `Open this page: ${escapeExact(form.url)}`);
  if (!canAsk(io)) return { action: 'cancel' };
  if (form.url !== null) {
    const answer = await askLine(io, 'Press Enter when you have opened it, or type n to refuse. ');
    return answer === 'n' && !isWithdrawn() ? { action: 'decline' } : { action: 'accept', values: {} };
  }
  const values: Record<string, FormValue> = {};
  for (const field of form.fields) {
    const value = toValue(field, await askLine(io, toQuestion(field)));
    if (value !== null) values[field.name] = value;
  }
  return { action: 'accept', values };
}

function toQuestion({ title, kind, choices, hint, initial }: FormField): string {
  const words = [
    kind === 'switch' ? 'y or n' : null,
    choices.length > 0
      ? `${kind === 'choices' ? 'several of ' : ''}${choices.map(({ value }) => value).join(', ')}`
      : null,
    hint,
    initial === null ? null : `Enter for ${String(initial)}`,
  ].filter((part) => part !== null);
  return `${escapeProse(title)}${words.length === 0 ? '' : ` (${escapeProse(words.join('; '))})`}: `;
}

/** Null leaves the field out. What does not fit is said by whoever checks it. */
function toValue({ kind, initial }: FormField, typed: string): FormValue | null {
  if (typed === '') return initial;
  switch (kind) {
    case 'number':
    case 'integer':
      return Number(typed);
    case 'switch':
      return /^y(es)?$/i.test(typed);
    case 'choices':
      return typed.split(',').map((one) => one.trim());
    case 'text':
    case 'choice':
      return typed;
  }
}
