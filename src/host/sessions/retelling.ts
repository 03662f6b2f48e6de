/** What was said in a session, as text for an agent that was not there. Tool results are left out: it can look for itself. */
import type { ConversationItem } from '../../protocol/view.ts';
import { withNews } from './news.ts';
import { unsentWords } from './turn-words.ts';

/** About 8,000 tokens: enough to go on, little enough to leave room for the work. */
const charactersMax = 32_000;

export interface Before {
  readonly news: readonly string[];
  readonly items: readonly ConversationItem[];
  /** The item in which the prompt begins; what came after it is news of the program itself. */
  readonly promptItem: number;
  /** Of the agent that gets the prompt; -1 for nothing. */
  readonly knowsUpTo: number;
  /** It was also the last one to answer, so it knows what was said since. */
  readonly wasLast: boolean;
}

/** What the agent missed, what happened behind its back, and the words of the prompt. */
export function toPromptText(text: string, { news, items, promptItem, knowsUpTo, wasLast }: Before): string {
  const isTold = knowsUpTo === -1 || !wasLast;
  const retelling = isTold ? toRetelling(items.filter(({ id }) => id > knowsUpTo && id < promptItem)) : null;
  return withNews(news, retelling === null ? text : `${retelling}\n\n${text}`);
}

/** Null when there is nothing to tell. Of a long conversation the end is told, with a note on how much is missing. */
export function toRetelling(items: readonly ConversationItem[]): string | null {
  const lines = withoutUnsent(items).flatMap((item) => toLine(item) ?? []);
  if (lines.length === 0) return null;
  let kept = lines.length;
  let length = 0;
  while (kept > 0) {
    length += (lines[kept - 1] ?? '').length + 1;
    if (length > charactersMax && kept < lines.length) break;
    kept -= 1;
  }
  const missing = kept === 0 ? '' : `[${kept} earlier parts are left out]\n`;
  const text = lines.slice(kept).join('\n').slice(-charactersMax);
  return `[signalbox] You join a conversation that went on without you. What was said before, for your information only:\n<conversation>\n${missing}${text}\n</conversation>`;
}

/** A prompt that was cancelled before any agent had it is nothing that anybody asked for. */
function withoutUnsent(items: readonly ConversationItem[]): readonly ConversationItem[] {
  const isUnsent = (item: ConversationItem): boolean => item.kind === 'notice' && item.text === unsentWords;
  const unsent = items.map((item, end) =>
    isUnsent(item) ? items.findLastIndex(({ kind }, index) => index < end && kind === 'user') : -1,
  );
  return items.filter((_item, index) => !unsent.includes(index));
}

function toLine(item: ConversationItem): string | null {
  switch (item.kind) {
    case 'user':
      return `operator: ${item.text}`;
    case 'agent':
      return `agent: ${item.text}`;
    case 'tool':
      return `tool call (${item.status}): ${item.title}`;
    case 'thought':
    case 'notice':
      return null;
  }
}
