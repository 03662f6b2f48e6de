/** Builds the items of a conversation from what an agent says: chunks of one kind become one item, tool calls are updated in place. */
import { unreachable } from '../../base/assert.ts';
import type { AgentUpdate } from '../../core/agents.ts';
import { toTextDiff } from '../../core/text-diff.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import { findPartEnd } from './split-message.ts';

type TextItem = Exclude<ConversationItem, { kind: 'tool' }>;
type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;
type ToolUpdate = Extract<AgentUpdate, { kind: 'tool-call' }>;

export interface ConversationOptions {
  readonly session: string;
  /** Of the last item that is there already; 0 for a new conversation. */
  readonly lastId: number;
  nowMs(): number;
  publish(event: HostEvent): void;
  /** An item that will not change any more: what the transcript keeps. */
  onCompleted(item: ConversationItem): void;
}

export class Conversation {
  readonly #options: ConversationOptions;
  /** The item that the next chunk of its kind continues. */
  #open: TextItem | null = null;
  /** Of the code in the middle of which the open item begins. */
  #fence: string | null = null;
  /** Of the message that the agent speaks. */
  #messageId: string | null = null;
  readonly #tools = new Map<string, ToolItem>();
  /** Calls that were open when the operator cancelled the turn. */
  readonly #cancelled = new Set<string>();
  #lastId: number;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#lastId = options.lastId;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** A prompt or a notice: complete at once. */
  add(kind: 'user' | 'notice', text: string, level: 'warn' | 'error' | null = null): void {
    this.close();
    for (let from = 0; from === 0 || from < text.length; from += bounds.itemCharactersMax) {
      const item = this.#addText(kind, text.slice(from, from + bounds.itemCharactersMax), level);
      this.#options.onCompleted(item);
    }
  }

  /** Continues the open item of this kind, or begins one. */
  append(kind: 'agent' | 'thought', text: string): void {
    if (this.#open !== null && this.#open.kind !== kind) this.close();
    for (let rest = text; rest !== ''; ) {
      const end = findPartEnd({ text: this.#open?.text ?? '', fence: this.#fence }, rest);
      const part = rest.slice(0, end?.length);
      if (part !== '') this.#appendPiece(kind, part);
      rest = rest.slice(part.length);
      if (end === null) continue;
      this.close();
      this.#fence = end.fence;
    }
  }

  #appendMessage(
    kind: 'agent' | 'thought',
    { text, messageId }: { readonly text: string; readonly messageId?: string },
  ): void {
    // Agents that give no ids mean one message until something else comes.
    if (messageId !== undefined && messageId !== this.#messageId) {
      if (this.#open?.kind === kind && this.#messageId !== null) this.close();
      this.#messageId = messageId;
    }
    this.append(kind, text);
  }

  #appendPiece(kind: 'agent' | 'thought', text: string): void {
    if (this.#open === null) {
      this.#open = this.#addText(kind, text);
      return;
    }
    this.#open = { ...this.#open, text: this.#open.text + text };
    this.#options.publish({ type: 'item.appended', session: this.#options.session, item: this.#open.id, text });
  }

  /** What belongs to the conversation; the rest is `toSessionChange`'s. 'user-echo' repeats a prompt that is there already. */
  handleUpdate(update: AgentUpdate): void {
    if (update.kind === 'message') this.#appendMessage('agent', update);
    else if (update.kind === 'thought') this.#appendMessage('thought', update);
    else if (update.kind === 'tool-call') this.updateTool(update);
    else if (update.kind === 'notice') this.add('notice', update.text, update.level ?? null);
  }

  /** An upsert: absent fields keep their value, and an update may come first. */
  updateTool(update: ToolUpdate): void {
    const known = this.#tools.get(update.id);
    const said = toToolItem(update, known, known?.id ?? this.#nextId(), this.#options.nowMs());
    // Agents say only that such a call failed, each in its own words.
    const item: ToolItem =
      said.status === 'failed' && this.#cancelled.has(update.id) ? { ...said, isCancelled: true } : said;
    if (!known) this.close();
    this.#tools.set(update.id, item);
    const type = known ? 'item.replaced' : 'item.added';
    this.#options.publish({ type, session: this.#options.session, item });
    if (item.status === 'completed' || item.status === 'failed') this.#options.onCompleted(item);
    this.#forgetOldTools();
  }

  /** The open item is complete: something else follows, or the turn is over. */
  close(): void {
    const item = this.#open;
    this.#open = null;
    this.#fence = null;
    if (item) this.#options.onCompleted(item);
  }

  /** The operator ends the turn, and with it the calls that are open. */
  handleCancel(): void {
    for (const [id, { status }] of this.#tools)
      if (status === 'pending' || status === 'in_progress') this.#cancelled.add(id);
  }

  endTurn(): void {
    this.endTools();
    this.close();
  }

  /** Tool calls that never ended say so, since no update will come any more. */
  endTools(): void {
    for (const item of this.#tools.values()) {
      if (item.status !== 'pending' && item.status !== 'in_progress') continue;
      this.updateTool({ kind: 'tool-call', id: item.toolCallId, status: 'failed' });
    }
    this.#tools.clear();
    this.#cancelled.clear();
  }

  #addText(kind: TextItem['kind'], text: string, level: 'warn' | 'error' | null = null): TextItem {
    const base = { id: this.#nextId(), kind, text, atMs: this.#options.nowMs() };
    const item: TextItem = level === null ? base : { ...base, level };
    this.#options.publish({ type: 'item.added', session: this.#options.session, item });
    return item;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #forgetOldTools(): void {
    if (this.#tools.size <= bounds.conversationItemsMax) return;
    const [oldest] = this.#tools.keys();
    if (oldest !== undefined) this.#tools.delete(oldest);
  }
}

/** The view-level changes an update makes beside the conversation; null when it belongs to the conversation. */
export function toSessionChange(update: AgentUpdate): Extract<HostEvent, { type: 'session.changed' }>['change'] | null {
  switch (update.kind) {
    case 'plan':
      return { plan: update.entries };
    case 'commands':
      return { commands: update.commands };
    case 'mode':
      return { currentMode: update.modeId };
    case 'modes':
      return { modes: update.modes, currentMode: update.current };
    case 'options':
      return { options: update.options };
    case 'usage':
      return { usage: { used: update.used, size: update.size, cost: update.cost } };
    case 'message':
    case 'thought':
    case 'user-echo':
    case 'tool-call':
    case 'notice':
    case 'title':
      return null;
    default:
      return unreachable(update);
  }
}

function toToolItem(update: ToolUpdate, known: ToolItem | undefined, id: number, nowMs: number): ToolItem {
  const [changed] = update.diffs ?? [];
  const detail = update.detail ?? (changed ? `changes ${changed.path}` : undefined);
  return {
    id,
    kind: 'tool',
    toolCallId: update.id,
    title: update.title ?? known?.title ?? 'tool call',
    toolKind: update.toolKind ?? known?.toolKind ?? 'other',
    status: update.status ?? known?.status ?? 'pending',
    detail: detail ?? known?.detail ?? '',
    atMs: known?.atMs ?? nowMs,
    ...toParts(update, known),
  };
}

/** Diffs, terminals, locations and what is asked of our tool: as the update says, else as they were. */
function toParts(
  update: ToolUpdate,
  known: ToolItem | undefined,
): Pick<ToolItem, 'diffs' | 'terminals' | 'locations' | 'asked'> {
  const { toolPartsMax, itemCharactersMax } = bounds;
  const diffs =
    update.diffs?.slice(0, toolPartsMax).map(({ path, before, after }) => ({
      path,
      // Half of an item's bound leaves room for its words.
      diff: toTextDiff(path, before, after, itemCharactersMax / 2),
    })) ?? known?.diffs;
  const terminals = update.terminals?.slice(0, toolPartsMax) ?? known?.terminals;
  const locations = update.locations?.slice(0, toolPartsMax) ?? known?.locations;
  const asked = update.asked ?? known?.asked;
  return {
    ...(asked ? { asked } : {}),
    ...(diffs ? { diffs } : {}),
    ...(terminals ? { terminals } : {}),
    ...(locations ? { locations } : {}),
  };
}
