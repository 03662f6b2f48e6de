/**
 * The dialog that answers an agent's question: its fields by kind, checked as one types, and its values as the agent gets them. Sends nothing.
 */
import type { FormValueView } from '../../protocol/view.ts';
import type { FieldSpec, FormSpec, FormValues } from '../form-model.ts';
import { type FieldView, type FormEntry, toGrantNote, toHints, toPageLines, toWhoAsks } from '../present/form-card.ts';
import { exactLines, foreign, plain, span } from '../present/text.ts';
import type { StyledLine } from '../styled.ts';

export interface AgentFormPorts {
  /** Null when the agent has it, else why not. */
  accept(values: Readonly<Record<string, FormValueView>>): Promise<string | null>;
  decline(): void;
  dismiss(): void;
  copyLink(): void;
}

export function toAgentForm(entry: FormEntry, ports: AgentFormPorts): FormSpec {
  const { fields, message, url } = entry.card;
  const link = url === null ? [] : toPageLines(url);
  return {
    title: url === null ? "The agent's question" : 'A page to open',
    scope: 'agentForm',
    intro: [
      plain(toWhoAsks(entry), 'title', { bold: true }),
      ...exactLines(message).map((line) => plain(line)),
      [],
      ...link,
      plain(toGrantNote(), 'muted'),
    ],
    fields: fields.map(toFieldSpec),
    verb: url === null ? 'sends it' : 'when done',
    leave: 'later',
    actions: {
      declineForm: () => ports.decline(),
      cancelForm: () => ports.dismiss(),
      copyLink: () => ports.copyLink(),
    },
    submit(values) {
      const problem = findProblem(fields, values);
      return problem ?? ports.accept(toValues(fields, values));
    },
  };
}

function toFieldSpec(field: FieldView): FieldSpec {
  const label = `${foreign(field.title)}${field.required ? ' (required)' : ''}`;
  const common = { name: field.name, label, note: toHints(field).map((hint) => plain(hint, 'muted')) };
  switch (field.kind) {
    case 'text':
    case 'number':
    case 'integer': {
      const value = field.initial === null ? '' : String(field.initial);
      return { ...common, kind: 'text', value, check: (text) => findTextProblem(field, text) };
    }
    case 'switch':
      return {
        ...{ ...common, kind: 'one', isOptional: !field.required },
        options: [toOption('yes', plain('yes')), toOption('no', plain('no'))],
        chosen: typeof field.initial === 'boolean' ? [field.initial ? 'yes' : 'no'] : [],
      };
    case 'choice':
    case 'choices':
      return {
        ...{ ...common, kind: field.kind === 'choice' ? 'one' : 'many', isOptional: !field.required },
        options: field.choices.map(({ value, title }) => toOption(value, toChoiceLabel(value, title))),
        chosen: toInitialChoices(field),
      };
  }
}

function toOption(id: string, label: StyledLine): { id: string; label: StyledLine; disabled: null } {
  return { id, label, disabled: null };
}

/** What the agent will get stands beside what it calls it. */
function toChoiceLabel(value: string, title: string): StyledLine {
  return [span(foreign(title)), ...(value === title ? [] : [span(`  ${foreign(value)}`, 'muted')])];
}

function toInitialChoices({ initial, choices }: FieldView): readonly string[] {
  const wanted = Array.isArray(initial) ? initial : [initial];
  return choices.map(({ value }) => value).filter((value) => wanted.includes(value));
}

function findTextProblem(field: FieldView, text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '' || field.kind === 'text') return null;
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return 'This is not a number.';
  return field.kind === 'integer' && !Number.isSafeInteger(value) ? 'This is not a whole number.' : null;
}

/** The first field that cannot be sent like this. */
function findProblem(fields: readonly FieldView[], values: FormValues): string | null {
  for (const field of fields) {
    const value = toValue(field, values);
    // The sentence is escaped where it is shown.
    if (value === null && field.required) return `"${field.title}" needs a value.`;
    const problem = findTextProblem(field, values.text(field.name));
    if (problem !== null) return `"${field.title}": ${problem}`;
  }
  return null;
}

function toValues(fields: readonly FieldView[], values: FormValues): Readonly<Record<string, FormValueView>> {
  const entries = fields.flatMap((field): [string, FormValueView][] => {
    const value = toValue(field, values);
    return value === null ? [] : [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

/** Null for a field that was left empty. */
function toValue(field: FieldView, values: FormValues): FormValueView | null {
  switch (field.kind) {
    case 'text':
      return values.text(field.name) === '' ? null : values.text(field.name);
    case 'number':
    case 'integer':
      return values.text(field.name).trim() === '' ? null : Number(values.text(field.name).trim());
    case 'switch':
    case 'choice': {
      const [chosen] = values.chosen(field.name);
      if (chosen === undefined) return null;
      return field.kind === 'switch' ? chosen === 'yes' : chosen;
    }
    case 'choices': {
      const chosen = values.chosen(field.name);
      return chosen.length === 0 && field.required ? null : chosen;
    }
  }
}
