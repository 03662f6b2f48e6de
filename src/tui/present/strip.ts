/**
 * The line of what has no room on the screen: each pane with its environment, its state and what happened in it unseen; it scrolls, and each
 * of its words can be clicked. Pure.
 */
import { present } from '../../base/assert.ts';
import type { PaneMark } from '../seen-panes.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { toRetryWords } from './retry.ts';
import type { PaneModel } from './server-pane.ts';
import { clip, columnsOf, foreign, span } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toServerStateToken } from './words.ts';

/** What a place in the strip leads to. */
export type StripTarget =
  | { readonly kind: 'conversation' }
  | { readonly kind: 'pane'; readonly server: string }
  | { readonly kind: 'scroll'; readonly to: number }
  | { readonly kind: 'hidden' };

export interface StripPane {
  readonly model: PaneModel;
  readonly mark: PaneMark | null;
  /** Cards that wait about it, and what its login waits for. */
  readonly waiting: number;
}

export interface StripModel {
  /** What its agent does, when the conversation has no room either; null when it is on the screen. */
  readonly conversation: { readonly state: string; readonly waiting: number } | null;
  readonly panes: readonly StripPane[];
  /** Panes that the operator has hidden. */
  readonly hidden: readonly StripPane[];
  /** The first entry that is shown. */
  readonly first: number;
}

export interface Strip {
  readonly line: StyledLine;
  /** Columns from `from` to before `to`. */
  readonly hits: readonly { readonly from: number; readonly to: number; readonly target: StripTarget }[];
  /** The first entry that is shown: as asked for, or the last one from which on everything has room. */
  readonly first: number;
  /** Entries in all. */
  readonly count: number;
}

interface Entry {
  readonly line: StyledLine;
  readonly target: StripTarget;
}

/** Room that is kept for the counts at both ends. */
const endColumns = 8;

export function toStrip(model: StripModel, page: Page): Strip {
  const entries = toEntries(model, page);
  const hidden = toHidden(model.hidden, page);
  const room = page.columns - columnsOf(hidden);
  const first = toFirst(entries, model.first, room, page);
  const shown = toShown(entries, first, room, page);
  const parts: Part[] = [];
  if (first > 0)
    parts.push({
      line: [span(` < ${first} `, 'key'), ...toAlert(entries.alerts(0, first))],
      target: { kind: 'scroll', to: Math.max(0, first - Math.max(1, shown)) },
    });
  for (let at = first; at < first + shown; at += 1) {
    const entry = entries.at(at);
    if (at > first) parts.push({ line: [span(page.glyphs.separator, 'border')], target: null });
    parts.push({ line: clip(entry.line, Math.max(1, room - endColumns), page.glyphs.ellipsis), target: entry.target });
  }
  const after = entries.count - first - shown;
  if (after > 0)
    parts.push({
      line: [...toAlert(entries.alerts(first + shown, entries.count)), span(` ${after} > `, 'key')],
      target: { kind: 'scroll', to: first + Math.max(1, shown) },
    });
  if (hidden.length > 0) parts.push({ line: hidden, target: { kind: 'hidden' } });
  return { ...toLine(parts, page), first, count: entries.count };
}

interface Part {
  readonly line: StyledLine;
  readonly target: StripTarget | null;
}

/** Of a thousand panes a line shows three: only those are made. */
interface Entries {
  readonly count: number;
  at(index: number): Entry;
  alerts(from: number, to: number): readonly StyledLine[];
}

function toEntries({ conversation, panes }: StripModel, page: Page): Entries {
  const before = conversation ? 1 : 0;
  const made = new Map<number, Entry>();
  const make = (index: number): Entry => {
    if (conversation && index === 0) return toConversation(conversation, page);
    return toPane(present(panes[index - before], 'an entry of the strip'), page);
  };
  return {
    count: before + panes.length,
    at: (index) => {
      const entry = made.get(index) ?? make(index);
      made.set(index, entry);
      return entry;
    },
    alerts: (from, to) => [
      ...(conversation && from === 0 ? [toWaiting(conversation.waiting, page)] : []),
      ...panes.slice(Math.max(0, from - before), to - before).map((pane) => toMarks(pane, page)),
    ],
  };
}

function toLine(parts: readonly Part[], page: Page): Pick<Strip, 'line' | 'hits'> {
  const line: Span[] = [];
  const hits: Strip['hits'][number][] = [];
  let at = 0;
  for (const part of parts) {
    const columns = columnsOf(part.line);
    if (part.target && at < page.columns)
      hits.push({ from: at, to: Math.min(page.columns, at + columns), target: part.target });
    line.push(...part.line);
    at += columns;
  }
  return { line: clip(line, page.columns, page.glyphs.ellipsis), hits };
}

/** Not further than needed: the end of the list stands at the end of the line. */
function toFirst(entries: Entries, wanted: number, room: number, page: Page): number {
  let first = Math.max(0, Math.min(wanted, entries.count - 1));
  while (first > 0 && first - 1 + toShown(entries, first - 1, room, page) >= entries.count) first -= 1;
  return first;
}

/** How many entries have room from here on; one at least, since it is cut then. */
function toShown(entries: Entries, first: number, room: number, page: Page): number {
  const separator = columnsOf([span(page.glyphs.separator)]);
  let used = first > 0 ? endColumns : 0;
  let at = first;
  for (; at < entries.count; at += 1) {
    used += columnsOf(entries.at(at).line) + (at > first ? separator : 0);
    const isLast = at === entries.count - 1;
    if (used + (isLast ? 0 : endColumns) > room && at > first) break;
  }
  return at - first;
}

function toConversation(conversation: NonNullable<StripModel['conversation']>, page: Page): Entry {
  const waits = toWaiting(conversation.waiting, page);
  const line = [span(' conversation ', 'title', { bold: true }), span(`${foreign(conversation.state)} `, 'text')];
  return { line: [...line, ...waits], target: { kind: 'conversation' } };
}

function toPane(pane: StripPane, page: Page): Entry {
  const { model } = pane;
  const [state, token] = toState(model, page);
  const environment = model.server
    ? [span(`${toEnvironmentWord(model.server)} `, toEnvironmentToken(model.server.environment))]
    : [];
  const alert = toMarks(pane, page);
  // A command failed, not the connection: where both were said, neither would be understood.
  const isPlain = pane.mark === 'failed' && pane.waiting === 0 && state === 'connected';
  const states = isPlain ? [] : [span(`${state} `, token)];
  return {
    line: [span(` ${foreign(model.id)} `, 'title', { bold: true }), ...environment, ...states, ...alert],
    target: { kind: 'pane', server: model.id },
  };
}

function toMarks({ mark, waiting }: StripPane, page: Page): StyledLine {
  const { glyphs } = page;
  const waits = toWaiting(waiting, page);
  if (waits.length > 0) return waits;
  if (mark === 'failed') return [span(`${glyphs.failed} command failed `, 'danger', { bold: true })];
  return mark === 'output' ? [span(`${glyphs.bullet} new `, 'accent')] : [];
}

function toWaiting(count: number, page: Page): StyledLine {
  return count === 0 ? [] : [span(`${page.glyphs.waiting} ${count} waiting `, 'warn', { bold: true })];
}

/** The worst of what is out of reach of the line: a card that waits, then a failure. New output alone calls nobody. */
function toAlert(alerts: readonly StyledLine[]): StyledLine {
  for (const token of ['warn', 'danger'] as const) {
    const sign = alerts.find((alert) => alert[0]?.token === token)?.[0]?.text.split(' ')[0];
    if (sign !== undefined) return [span(sign, token, { bold: true })];
  }
  return [];
}

function toHidden(panes: readonly StripPane[], page: Page): StyledLine {
  if (panes.length === 0) return [];
  const alert = toAlert(panes.map((pane) => toMarks(pane, page)));
  return [span(` ${panes.length} hidden `, 'muted'), ...alert];
}

function toState({ pane, server, host }: PaneModel, page: Page): readonly [text: string, token: Token] {
  if (host === 'lost') return ['host lost', 'danger'];
  const retry = server && toRetryWords(server, page.nowMs);
  if (retry) return [retry, 'warn'];
  const running = (pane?.blocks ?? []).filter((block) => block.state === 'running').length;
  if (running > 0) return [`${page.glyphs.running} ${running} running`, 'accent'];
  return server ? [server.state, toServerStateToken(server.state)] : ['removed', 'danger'];
}
