/** The session options of the protocol (models are among them) as ours. They come from the agent: what is malformed is left out. */
import type { AgentOption, AgentUpdate } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import { fieldsOf, textOf } from './fields.ts';

type Choice = NonNullable<AgentOption['choices']>[number];

/** `configOptions` of an answer or of an update; null when the agent sent none at all. */
export function toOptions(value: unknown): AgentUpdate | null {
  if (!Array.isArray(value)) return null;
  return { kind: 'options', options: value.slice(0, limits.agentListEntriesMax).flatMap(toOption) };
}

function toOption(value: unknown): readonly AgentOption[] {
  const option = fieldsOf(value);
  const id = textOf(option.id);
  const { currentValue, type } = option;
  if (id === null || (typeof currentValue !== 'string' && typeof currentValue !== 'boolean')) return [];
  const choices = type === 'boolean' ? null : toChoices(option.options, null);
  if (choices === null ? typeof currentValue !== 'boolean' : typeof currentValue !== 'string') return [];
  return [
    {
      id,
      name: textOf(option.name) ?? id,
      description: textOf(option.description),
      category: textOf(option.category),
      value: currentValue,
      choices,
    },
  ];
}

/** A list of choices, or of groups of them. */
function toChoices(value: unknown, group: string | null): readonly Choice[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, limits.agentListEntriesMax).flatMap((one): readonly Choice[] => {
    const entry = fieldsOf(one);
    if (Array.isArray(entry.options)) return toChoices(entry.options, textOf(entry.name) ?? textOf(entry.group));
    const known = textOf(entry.value);
    if (known === null) return [];
    return [{ value: known, name: textOf(entry.name) ?? known, description: textOf(entry.description), group }];
  });
}
