/** The schema of an elicitation as fields of a form, and answers checked against them. Of JSON Schema only what the protocol allows. */
import type { FormAnswer, FormField, FormValue } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';

/** Null when a field is of a kind that cannot be shown: then the whole form is declined, since half of it would be a lie. */
export function toFormFields(schema: unknown): readonly FormField[] | null {
  const { properties, required } = fieldsOf(schema);
  const entries = Object.entries(fieldsOf(properties));
  if (entries.length > limits.agentListEntriesMax) return null;
  const names: readonly unknown[] = Array.isArray(required) ? required : [];
  const fields = entries.map(([name, value]) => toField(name, fieldsOf(value), names.includes(name)));
  return fields.every((field) => field !== null) ? fields : null;
}

/** Throws OperationError INVALID_ARGUMENT that names the field. Fields left empty are left out. */
export function checkAnswer(fields: readonly FormField[], answer: FormAnswer): FormAnswer {
  if (answer.action !== 'accept') return answer;
  const values = fields.flatMap((field): [string, FormValue][] => {
    const value = answer.values[field.name];
    if (value === undefined || value === '') {
      if (field.required) throw new OperationError('INVALID_ARGUMENT', `"${field.title}" needs a value.`);
      return [];
    }
    if (!isOfKind(field, value))
      throw new OperationError('INVALID_ARGUMENT', `"${field.title}" takes ${field.hint ?? kindWords[field.kind]}.`);
    return [[field.name, value]];
  });
  return { action: 'accept', values: Object.fromEntries(values) };
}

const kindWords: Readonly<Record<FormField['kind'], string>> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  switch: 'yes or no',
  choice: 'one of its choices',
  choices: 'some of its choices',
};

function isOfKind(field: FormField, value: FormValue): boolean {
  const isChoice = (one: unknown): boolean => field.choices.some((choice) => choice.value === one);
  switch (field.kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return isChoice(value);
    case 'choices':
      return Array.isArray(value) && value.every(isChoice);
  }
}

function toField(name: string, schema: Fields, isRequired: boolean): FormField | null {
  const kind = toKind(schema);
  if (kind === null) return null;
  const choices = toChoices(kind === 'choices' ? fieldsOf(schema.items) : schema);
  return {
    name,
    title: textOf(schema.title) ?? name,
    description: textOf(schema.description),
    required: isRequired,
    kind,
    choices,
    initial: toValue(schema.default),
    hint: toHint(schema),
  };
}

function toKind(schema: Fields): FormField['kind'] | null {
  switch (schema.type) {
    case 'string':
      return Array.isArray(schema.enum) || Array.isArray(schema.oneOf) ? 'choice' : 'text';
    case 'number':
      return 'number';
    case 'integer':
      return 'integer';
    case 'boolean':
      return 'switch';
    case 'array':
      return 'choices';
    default:
      return null;
  }
}

function toChoices(schema: Fields): FormField['choices'] {
  const titled = Array.isArray(schema.oneOf) ? schema.oneOf : Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const plain = Array.isArray(schema.enum) ? schema.enum.map((value) => ({ const: value, title: value })) : [];
  return [...titled, ...plain].flatMap((one) => {
    const entry = fieldsOf(one);
    const value = textOf(entry.const);
    return value === null ? [] : [{ value, title: textOf(entry.title) ?? value }];
  });
}

function toValue(value: unknown): FormValue | null {
  if (Array.isArray(value)) return value.filter((one): one is string => typeof one === 'string');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The bounds of the schema in words. They are the agent's to enforce; a pattern is not run here, since it may be made to never end. */
function toHint(schema: Fields): string | null {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const words = [
    typeof minimum === 'number' ? `at least ${minimum}` : null,
    typeof maximum === 'number' ? `at most ${maximum}` : null,
    typeof minLength === 'number' && minLength > 0 ? `at least ${minLength} characters` : null,
    typeof maxLength === 'number' ? `at most ${maxLength} characters` : null,
    typeof minItems === 'number' && minItems > 0 ? `at least ${minItems} choices` : null,
    typeof maxItems === 'number' ? `at most ${maxItems} choices` : null,
    textOf(schema.format),
    textOf(schema.pattern) === null ? null : `the pattern ${textOf(schema.pattern)}`,
  ].filter((part) => part !== null);
  return words.length === 0 ? null : words.join(', ');
}
