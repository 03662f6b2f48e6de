/** Tool calls and the agent's own terminals in version 2 of the protocol, whose content comes in pieces: each update tells the whole again, bounded. */
import { limits } from '../../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { cut, toBlockText } from '../updates.ts';

/** Calls under way at once; one that is told of later starts anew. */
const callsMax = 64;
/** What a reader looks at of a call that is under way: its end. */
const charactersMax = Math.min(limits.agentTextCharactersMax, limits.agentCallsCharactersMax / callsMax);

interface Shown {
  readonly text: string;
  readonly terminals: readonly Fields[];
  /** Of a terminal: a character may come in two pieces. */
  readonly decoder?: InstanceType<typeof TextDecoder>;
}

const nothing: Shown = { text: '', terminals: [] };

export class GrowingCalls {
  readonly #shown = new Map<string, Shown>();

  /** A list of content replaces what there was; `null` clears it, as the protocol says. */
  noteCall(update: Fields): readonly Fields[] {
    const id = textOf(update.toolCallId);
    const status = update.status === undefined ? {} : { status: toV1Status(update.status) };
    if (id === null || update.content === undefined) return [{ ...update, ...status }];
    const parts: readonly unknown[] = Array.isArray(update.content) ? update.content : [];
    const shown = parts.slice(0, limits.agentListEntriesMax).reduce(add, nothing);
    this.#keep(id, shown);
    const locations = parts.map(fieldsOf).flatMap(toLocations);
    const more = update.locations === undefined && locations.length > 0 ? { locations } : {};
    return [{ ...update, ...status, ...more, content: toContent(shown) }];
  }

  noteContent(update: Fields): readonly Fields[] {
    const id = textOf(update.toolCallId);
    if (id === null) return [{ ...update, sessionUpdate: 'tool_call_update' }];
    const shown = add(this.#shown.get(id) ?? nothing, update.content);
    this.#keep(id, shown);
    const locations = toLocations(fieldsOf(update.content));
    const more = locations.length > 0 ? { locations } : {};
    return [{ sessionUpdate: 'tool_call_update', toolCallId: id, content: toContent(shown), ...more }];
  }

  /** A terminal of the agent's own, on its side: shown like a call, since something ran that our gate did not see. */
  noteTerminal(update: Fields): readonly Fields[] {
    const id = toTerminalCall(update.terminalId);
    if (id === null) return [];
    const { command, output, exitStatus } = update;
    if (output !== undefined)
      this.#keep(id, { text: toTail(toBytes(fieldsOf(output).data).toString('utf8')), terminals: [] });
    const title = textOf(command) === null ? {} : { title: `The agent's own terminal: ${cut(textOf(command) ?? '')}` };
    return [
      {
        ...{ sessionUpdate: 'tool_call_update', toolCallId: id, kind: 'execute', ...title },
        ...(typeof exitStatus === 'object' && exitStatus !== null ? { status: toExit(fieldsOf(exitStatus)) } : {}),
        ...(output === undefined ? {} : { content: toContent(this.#shown.get(id) ?? nothing) }),
      },
    ];
  }

  noteOutput(update: Fields): readonly Fields[] {
    const id = toTerminalCall(update.terminalId);
    if (id === null) return [];
    const before = this.#shown.get(id) ?? nothing;
    const decoder = before.decoder ?? new TextDecoder();
    const text = toTail(before.text + decoder.decode(toBytes(update.data), { stream: true }));
    this.#keep(id, { text, terminals: [], decoder });
    return [{ sessionUpdate: 'tool_call_update', toolCallId: id, content: toContent({ text, terminals: [] }) }];
  }

  #keep(id: string, shown: Shown): void {
    this.#shown.delete(id);
    this.#shown.set(id, shown);
    if (this.#shown.size > callsMax) this.#shown.delete(this.#shown.keys().next().value ?? id);
  }
}

function add(shown: Shown, value: unknown): Shown {
  const part = fieldsOf(value);
  if (part.type === 'terminal') return { ...shown, terminals: [...shown.terminals, part].slice(-callsMax) };
  const text = part.type === 'diff' ? toDiffText(part) : part.type === 'content' ? toBlockText(part.content) : '';
  if (text === '') return shown;
  return { ...shown, text: toTail(shown.text === '' ? text : `${shown.text}\n${text}`) };
}

function toContent({ text, terminals }: Shown): readonly Fields[] {
  return [{ type: 'content', content: { type: 'text', text } }, ...terminals];
}

/** The patch is the agent's own words; without one the names of the files say what there is to say. */
function toDiffText({ changes, patch }: Fields): string {
  const text = textOf(fieldsOf(patch).text);
  if (text !== null) return text;
  const entries: readonly unknown[] = Array.isArray(changes) ? changes.slice(0, limits.agentListEntriesMax) : [];
  return entries
    .map(fieldsOf)
    .map(({ operation, oldPath, path }) =>
      [operation, oldPath, path].filter((word) => typeof word === 'string').join(' '),
    )
    .join('\n');
}

function toLocations(part: Fields): readonly Fields[] {
  if (part.type !== 'diff' || !Array.isArray(part.changes)) return [];
  const changes: readonly unknown[] = part.changes.slice(0, limits.agentListEntriesMax);
  return changes.map(fieldsOf).map(({ path }) => ({ path }));
}

function toV1Status(status: unknown): unknown {
  if (status === null) return 'pending';
  return status === 'paused' ? 'in_progress' : status === 'cancelled' ? 'failed' : status;
}

function toExit({ exitCode, signal }: Fields): string {
  return typeof signal === 'string' || (typeof exitCode === 'number' && exitCode !== 0) ? 'failed' : 'completed';
}

function toTerminalCall(id: unknown): string | null {
  return typeof id === 'string' ? `terminal ${id}` : null;
}

/** Base64, as the protocol says; what is none decodes to whatever Node makes of it. */
function toBytes(data: unknown): Buffer {
  return Buffer.from(typeof data === 'string' ? data : '', 'base64');
}

function toTail(text: string): string {
  return text.length <= charactersMax ? text : text.slice(-charactersMax);
}
