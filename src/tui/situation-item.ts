/**
 * What can be done with the chosen item of a conversation, and why not. An operation is found by the id that the agent repeats from our own
 * answer, else by what its call is called: a hint of where to look, never a proof. Pure.
 */

import type { ConversationItem, SessionView, View } from '../protocol/view.ts';
import { type ItemAction, itemActions } from './item-action.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';

type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;

export interface ItemSituation {
  readonly kind: ConversationItem['kind'];
  readonly hasCode: boolean;
  /** The id of its operation in the log; null where it names none. */
  readonly operation: string | null;
  /** The server in whose pane it can be seen. */
  readonly server: string | null;
}

export function isItemAction(action: Action): action is ItemAction {
  return (itemActions as readonly Action[]).includes(action);
}

export function toItemSituation(view: View, session: SessionView | null, chosen: number | null): ItemSituation | null {
  const item = chosen === null ? undefined : session?.items.find(({ id }) => id === chosen);
  if (!item) return null;
  const operation = item.kind === 'tool' ? (toOperation(item) ?? findOperation(view, session, item)) : null;
  const pane = operation === null ? undefined : findPane(view, operation);
  return {
    kind: item.kind,
    hasCode: item.kind === 'tool' ? (item.diffs ?? []).length > 0 : /^\s*(```|~~~)/m.test(item.text),
    operation,
    server: pane ?? null,
  };
}

/** As our own answer has it, in words or in JSON; agents show it with their calls. */
export function toOperation({ terminals = [], detail }: ToolItem): string | null {
  const terminal = terminals.find(({ operation }) => operation !== null);
  if (terminal) return terminal.operation;
  return /(?:\baudit: id |"audit":\s*\{\s*"id":\s*")([A-Za-z0-9_-]{4,64})/.exec(detail)?.[1] ?? null;
}

/** How far apart a call and its block may have begun: a request waits for a person in between. */
const apartMsMax = 15 * 60_000;

/** Where an agent keeps our answer to itself: the block of its session whose server and words its call names, the nearest in time. */
function findOperation({ panes }: View, session: SessionView | null, item: ToolItem): string | null {
  const { title, atMs, terminals = [], asked } = item;
  // A terminal without an operation is the agent's own.
  if (terminals.length > 0) return null;
  const apartMs = (startedAtMs: number): number => Math.abs(startedAtMs - atMs);
  const found = Object.values(panes)
    .filter(({ server }) => (asked ? asked.server === server : title.includes(server)))
    .flatMap(({ blocks }) => blocks)
    .filter(({ session: owner }) => owner === session?.id)
    .filter(({ summary }) => (asked ? asked.summary === summary : summary.length > 1 && title.includes(summary)))
    .filter(({ startedAtMs }) => apartMs(startedAtMs) <= apartMsMax)
    .sort((one, other) => apartMs(one.startedAtMs) - apartMs(other.startedAtMs));
  return found[0]?.id ?? null;
}

function findPane({ panes }: View, operation: string): string | undefined {
  return Object.values(panes).find(({ blocks }) => blocks.some(({ id }) => id === operation))?.server;
}

/** Null when it can be done. */
export function whyNotItem(action: ItemAction, item: ItemSituation | null, hasSession: boolean): string | null {
  if (!hasSession) return `no session is open; ${keyWord('conversation', 'newSession')} opens one`;
  if (action === 'nextItem' || action === 'previousItem' || action === 'foldItems') return null;
  if (!item)
    return `choose an item first, with ${keyWord('conversation', 'nextItem')} or ${keyWord('conversation', 'previousItem')}`;
  switch (action) {
    case 'foldItem':
    case 'copyItem':
      return null;
    case 'copyCode':
      return item.hasCode ? null : item.kind === 'tool' ? 'this call shows no difference' : 'no block of code is in it';
    case 'showBlock':
      return item.server === null ? whyNoOperation(item, 'the pane no longer has its block') : null;
    case 'showRecord':
      return item.operation === null ? whyNoOperation(item, '') : null;
  }
}

function whyNoOperation({ kind, operation }: ItemSituation, otherwise: string): string {
  if (kind !== 'tool') return 'only calls of tools have one';
  return operation === null
    ? `this call names no operation of signalbox; ${keyWord('global', 'viewAudit')} shows the whole log`
    : otherwise;
}
