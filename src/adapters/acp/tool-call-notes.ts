/** What an agent's tool calls said of themselves: the few fields that a permission card needs, bounded. It answers nothing. */
import { limits } from '../../core/limits.ts';
import { fieldsOf, textOf } from './fields.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ToolCallNote {
  readonly title: string | null;
  readonly name: string | null;
  /** Tells our own tools from others; of an agent that sends too much there it is empty, and the call counts as not ours. */
  readonly meta: Fields;
  /** `server` of the input, as long as it is short. */
  readonly server: string | null;
  /** The input as JSON, cut at `limits.agentTextCharactersMax` with a note of what is missing; null as long as none was named. */
  readonly input: string | null;
}

/** A name, a title or what identifies a tool is far shorter. */
const shortCharactersMax = 4_096;

const nothing: ToolCallNote = { title: null, name: null, meta: {}, server: null, input: null };

export class ToolCallNotes {
  readonly #notes = new Map<string, { readonly note: ToolCallNote; readonly characters: number }>();
  #characters = 0;

  get(id: string): ToolCallNote {
    return this.#notes.get(id)?.note ?? nothing;
  }

  /** How many characters are kept of all calls: `limits.agentCallsCharactersMax` at most, and those of one call. */
  get characters(): number {
    return this.#characters;
  }

  /** Adds the fields of an update; those it does not name stay. A call that is told of again is the newest; the oldest are forgotten. */
  note(update: Fields): void {
    const id = textOf(update.toolCallId);
    if (id === null || id.length > shortCharactersMax) return;
    const before = this.get(id);
    this.#forget(id);
    const note: ToolCallNote = {
      title: toShort(update.title) ?? before.title,
      name: toShort(update.name) ?? before.name,
      meta: toMeta(update._meta) ?? before.meta,
      server: update.rawInput === undefined ? before.server : toServer(update.rawInput),
      input: toInput(update.rawInput) ?? before.input,
    };
    const characters = id.length + sizeOf(note);
    this.#notes.set(id, { note, characters });
    this.#characters += characters;
    while (this.#notes.size > 1 && this.#isFull()) this.#forget(this.#notes.keys().next().value ?? id);
  }

  #isFull(): boolean {
    return this.#notes.size > limits.agentListEntriesMax || this.#characters > limits.agentCallsCharactersMax;
  }

  #forget(id: string): void {
    this.#characters -= this.#notes.get(id)?.characters ?? 0;
    this.#notes.delete(id);
  }
}

function toShort(value: unknown): string | null {
  const text = textOf(value);
  return text === null ? null : toCut(text, shortCharactersMax);
}

function toMeta(value: unknown): Fields | null {
  if (value === null || value === undefined) return null;
  const meta = fieldsOf(value);
  return JSON.stringify(meta).length <= shortCharactersMax ? meta : {};
}

/** Nothing cut: a name that is too long is no name of ours. */
function toServer(input: unknown): string | null {
  const server = textOf(fieldsOf(input).server);
  return server !== null && server.length <= shortCharactersMax ? server : null;
}

function toInput(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  const max = limits.agentTextCharactersMax;
  return text.length <= max ? text : `${toCut(text, max)}\n[signalbox left out ${text.length - max} more characters]`;
}

/** A copy: what is cut off a text by `slice` alone stays in memory as long as the piece does. */
function toCut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : Buffer.from(text.slice(0, charactersMax), 'utf16le').toString('utf16le');
}

function sizeOf({ title, name, meta, server, input }: ToolCallNote): number {
  const texts = [title, name, server, input].map((text) => text?.length ?? 0);
  return texts.reduce((sum, length) => sum + length, JSON.stringify(meta).length);
}
