/** How an agent shortens its memory of a conversation, in sentences: the summary comes in pieces and is told once, with the outcome. */
import type { AgentUpdate } from '../../core/agents.ts';
import { limits } from '../../core/limits.ts';
import { type Fields, fieldsOf, textOf } from './fields.ts';
import { cut, toBlockText } from './updates.ts';

type Notice = Extract<AgentUpdate, { kind: 'notice' }>;

interface Compaction {
  readonly status: string | null;
  readonly summary: string;
  readonly error: string | null;
}

/** An agent shortens its memory once at a time; older ones are over. */
const compactionsMax = 16;

const unknown: Compaction = { status: null, summary: '', error: null };

export function isCompaction(kind: unknown): boolean {
  return kind === 'compaction_update' || kind === 'compaction_summary_chunk';
}

export class Compactions {
  readonly #known = new Map<string, Compaction>();

  /** @param update of a kind that `isCompaction`. Fields that are absent keep their value and null clears it, as the protocol says. */
  note(update: Fields): readonly Notice[] {
    const id = textOf(update.compactionId) ?? '';
    const before = this.#known.get(id) ?? unknown;
    const now = update.sessionUpdate === 'compaction_update' ? toChanged(before, update) : toLonger(before, update);
    this.#known.delete(id);
    this.#known.set(id, now);
    if (this.#known.size > compactionsMax) this.#known.delete(this.#known.keys().next().value ?? id);
    return now.status === before.status ? [] : [toNotice(now)];
  }
}

function toChanged(before: Compaction, update: Fields): Compaction {
  const { summary, error } = update;
  return {
    status: textOf(update.status) ?? before.status ?? 'in_progress',
    summary: summary === undefined ? before.summary : toSummary(summary),
    error: error === undefined ? before.error : textOf(error),
  };
}

function toLonger(before: Compaction, update: Fields): Compaction {
  // Past the bound nothing more is kept; the note about what is missing comes with the cut.
  const isFull = before.summary.length > limits.agentTextCharactersMax;
  const summary = isFull ? before.summary : before.summary + toBlockText(update.content);
  return { ...before, status: before.status ?? 'in_progress', summary };
}

function toSummary(blocks: unknown): string {
  if (!Array.isArray(blocks)) return '';
  return blocks
    .slice(0, limits.agentListEntriesMax)
    .map((block) => toBlockText(fieldsOf(block)))
    .join('');
}

function toNotice({ status, summary, error }: Compaction): Notice {
  switch (status) {
    case 'in_progress':
      return { kind: 'notice', text: 'The agent shortens its memory of this conversation.' };
    case 'completed': {
      const done = 'The agent has shortened its memory of this conversation';
      return { kind: 'notice', text: cut(summary === '' ? `${done}.` : `${done}; it remembers:\n${summary}`) };
    }
    case 'failed': {
      const why = error === null ? '' : `: ${error}`;
      return { kind: 'notice', level: 'error', text: cut(`The agent could not shorten its memory${why}`) };
    }
    case 'cancelled':
      return { kind: 'notice', text: 'The agent stopped shortening its memory of this conversation.' };
    default:
      return { kind: 'notice', text: cut(`The agent shortens its memory of this conversation: ${status}.`) };
  }
}
