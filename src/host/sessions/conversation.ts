/** Builds the items of a conversation from what an agent says: chunks of one kind become one item, tool calls are updated in place. */
import { unreachable } from '../../base/assert.ts';
import type { AgentUpdate } from '../../core/agents.ts';
import { bounds } from '../../protocol/bounds.ts';
import type { HostEvent } from '../../protocol/events.ts';
import type { ConversationItem } from '../../protocol/view.ts';

type TextItem = Exclude<ConversationItem, { kind: 'tool' }>;
type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;
type ToolUpdate = Extract<AgentUpdate, { kind: 'tool-call' }>;

export interface ConversationOptions {
  readonly session: string;
  nowMs(): number;
  publish(event: HostEvent): void;
  /** An item that will not change any more: what the transcript keeps. */
  onCompleted(item: ConversationItem): void;
}

export class Conversation {
  readonly #options: ConversationOptions;
  /** The item that the next chunk of its kind continues. */
  #open: TextItem | null = null;
  readonly #tools = new Map<string, ToolItem>();
  #lastId = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** A prompt or a notice: complete at once. */
  add(kind: 'user' | 'notice', text: string): void {
    this.close();
    for (let from = 0; from === 0 || from < text.length; from += bounds.itemCharactersMax) {
      const item = this.#addText(kind, text.slice(from, from + bounds.itemCharactersMax));
      this.#options.onCompleted(item);
    }
  }

  /** Continues the open item of this kind, or begins one. */
  append(kind: 'agent' | 'thought', text: string): void {
    const { itemCharactersSplit } = bounds;
    for (let from = 0; from < text.length; from += itemCharactersSplit)
      this.#appendPiece(kind, text.slice(from, from + itemCharactersSplit));
  }

  #appendPiece(kind: 'agent' | 'thought', text: string): void {
    if (this.#open?.kind !== kind || this.#open.text.length + text.length > bounds.itemCharactersSplit) this.close();
    if (this.#open === null) {
      this.#open = this.#addText(kind, text);
      return;
    }
    this.#open = { ...this.#open, text: this.#open.text + text };
    this.#options.publish({ type: 'item.appended', session: this.#options.session, item: this.#open.id, text });
  }

  /** An upsert: absent fields keep their value, and an update may come first. */
  updateTool(update: ToolUpdate): void {
    const known = this.#tools.get(update.id);
    const item = toToolItem(update, known, known?.id ?? this.#nextId(), this.#options.nowMs());
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
    if (item) this.#options.onCompleted(item);
  }

  /** Tool calls that never ended say so, since no update will come any more. */
  endTools(): void {
    for (const item of this.#tools.values()) {
      if (item.status !== 'pending' && item.status !== 'in_progress') continue;
      this.updateTool({ kind: 'tool-call', id: item.toolCallId, status: 'failed' });
    }
    this.#tools.clear();
  }

  #addText<Kind extends TextItem['kind']>(kind: Kind, text: string): TextItem {
    const item: TextItem = { id: this.#nextId(), kind, text, atMs: this.#options.nowMs() };
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
  const detail = update.detail ?? (update.diff ? `changes ${update.diff.path}` : undefined);
  return {
    id,
    kind: 'tool',
    toolCallId: update.id,
    title: update.title ?? known?.title ?? 'tool call',
    toolKind: update.toolKind ?? known?.toolKind ?? 'other',
    status: update.status ?? known?.status ?? 'pending',
    detail: detail ?? known?.detail ?? '',
    atMs: known?.atMs ?? nowMs,
  };
}
