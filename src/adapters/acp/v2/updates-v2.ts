/**
 * session/update of version 2 of the protocol in the shape of version 1. What a later update replaces or adds to is kept here, bounded, since
 * ours has whole tool calls and messages that only grow. The state of the session is not here but `TurnWatch`' work. Nothing here throws.
 */
import { createHash, type Hash } from 'node:crypto';
import { limits } from '../../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from '../fields.ts';
import { toBlockText } from '../updates.ts';
import { toV1Options } from './answers.ts';
import { GrowingCalls } from './growing-calls.ts';

/** Messages of one turn that may still be replaced; older ones are over. */
const messagesMax = 64;

/** What was said of a message: enough to know whether a replacement only adds to it. */
interface Said {
  readonly characters: number;
  readonly hash: Hash;
  readonly version: number;
}

const chunkOf: Readonly<Record<string, string>> = {
  agent_message: 'agent_message_chunk',
  agent_thought: 'agent_thought_chunk',
  user_message: 'user_message_chunk',
};

export class UpdatesV2 {
  readonly #said = new Map<string, Said>();
  readonly #calls = new GrowingCalls();

  /** Zero or one updates as version 1 has them; unknown kinds pass, and are named further on. */
  translate(update: Fields): readonly Fields[] {
    const kind = textOf(update.sessionUpdate) ?? '';
    switch (kind) {
      case 'state_update':
        return [];
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
      case 'user_message_chunk':
        return this.#toChunk(kind, update);
      case 'agent_message':
      case 'agent_thought':
      case 'user_message':
        return this.#toReplaced(chunkOf[kind] ?? '', update);
      case 'tool_call_update':
        return this.#calls.noteCall(update);
      case 'tool_call_content_chunk':
        return this.#calls.noteContent(update);
      case 'terminal_update':
        return this.#calls.noteTerminal(update);
      case 'terminal_output_chunk':
        return this.#calls.noteOutput(update);
      case 'plan_update': {
        const plan = fieldsOf(update.plan);
        return [
          plan.type === 'items'
            ? { sessionUpdate: 'plan', entries: plan.entries }
            : { sessionUpdate: `plan_update of type ${textOf(plan.type) ?? 'none'}` },
        ];
      }
      case 'config_option_update':
        return [{ ...update, configOptions: toV1Options(update.configOptions) }];
      default:
        return [update];
    }
  }

  #toChunk(kind: string, update: Fields): readonly Fields[] {
    const id = textOf(update.messageId) ?? '';
    const text = toBlockText(update.content);
    const before = this.#get(kind, id);
    before.hash.update(text, 'utf16le');
    this.#keep(kind, id, { ...before, characters: before.characters + text.length });
    return [{ ...update, messageId: toId(id, before.version) }];
  }

  /** The whole content anew. What only adds to it continues the message; anything else is a new one, since what was shown stays. */
  #toReplaced(kind: string, update: Fields): readonly Fields[] {
    if (!Array.isArray(update.content)) return [];
    const id = textOf(update.messageId) ?? '';
    const text = update.content.slice(0, limits.agentListEntriesMax).map(toBlockText).join('');
    const before = this.#get(kind, id);
    const start = createHash('sha256').update(text.slice(0, before.characters), 'utf16le').digest('hex');
    const isLonger = text.length >= before.characters && start === before.hash.copy().digest('hex');
    const version = isLonger ? before.version : before.version + 1;
    const hash = createHash('sha256').update(text, 'utf16le');
    this.#keep(kind, id, { characters: text.length, hash, version });
    const rest = isLonger ? text.slice(before.characters) : text;
    if (rest === '') return [];
    return [{ sessionUpdate: kind, messageId: toId(id, version), content: { type: 'text', text: rest } }];
  }

  #get(kind: string, id: string): Said {
    return this.#said.get(`${kind} ${id}`) ?? { characters: 0, hash: createHash('sha256'), version: 1 };
  }

  #keep(kind: string, id: string, said: Said): void {
    const key = `${kind} ${id}`;
    this.#said.delete(key);
    this.#said.set(key, said);
    if (this.#said.size > messagesMax) this.#said.delete(this.#said.keys().next().value ?? key);
  }
}

function toId(id: string, version: number): string {
  return version === 1 ? id : `${id} (version ${version})`;
}
