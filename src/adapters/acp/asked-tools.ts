/**
 * What an agent's call of one of our tools asks for, in the words of the table of operations: agents name a call by its tool alone. It
 * repeats what the agent says, proves nothing, and decides nothing.
 */
import type { AskedTool } from '../../core/asked-tool.ts';
import { limits } from '../../core/limits.ts';
import { operationNames, operations, type ToolName } from '../../core/operations/table.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';

/** A name of a tool is far shorter; a line of a screen, too. */
const nameCharactersMax = 256;
const summaryCharactersMax = 1_024;

export class AskedTools {
  /** The tool that a call has named so far: agents tell the name and the input in updates of their own. */
  readonly #names = new Map<string, ToolName>();

  /** Null as long as the call names none of our tools, or its input is not there yet. */
  note(update: Fields): AskedTool | null {
    const id = textOf(update.toolCallId);
    if (id === null || id.length > nameCharactersMax) return null;
    const name = toToolName(update) ?? this.#names.get(id);
    if (name === undefined) return null;
    this.#names.delete(id);
    this.#names.set(id, name);
    if (this.#names.size > limits.agentListEntriesMax) this.#names.delete(this.#names.keys().next().value ?? id);
    return toAsked(name, update.rawInput);
  }
}

/** Agents write the name of their client's server before it, each in its own way. */
function toToolName({ title, name }: Fields): ToolName | undefined {
  const texts = [textOf(name), textOf(title)].map((text) => (text ?? '').slice(0, nameCharactersMax));
  return texts.map((text) => operationNames.find((one) => text.includes(one))).find((one) => one !== undefined);
}

/** The input itself, or where an agent wraps it. */
function toAsked(tool: ToolName, rawInput: unknown): AskedTool | null {
  const outer = fieldsOf(rawInput);
  for (const input of [outer, outer.arguments, outer.input, outer.args]) {
    const summary = toSummary(tool, input);
    if (summary === null) continue;
    return { tool, server: textOf(fieldsOf(input).server), summary: summary.slice(0, summaryCharactersMax) };
  }
  return null;
}

function toSummary(tool: ToolName, input: unknown): string | null {
  const { input: schema, summary } = operations[tool];
  const parsed = schema.safeParse(input);
  // The schema of the very operation has parsed it.
  return parsed.success ? (summary as (input: unknown) => string)(parsed.data) : null;
}
