/**
 * Up to when each pane was looked at, and what has happened in it since: so that a screen that comes later marks what nobody saw. Values and
 * plain data for a file; knows no screen.
 */
import type { BlockView } from '../protocol/view.ts';
import { toFields, toId, toList } from './plain-fields.ts';

/** `failed` stands for a failure after which nothing went well; `output` for everything else. */
export type PaneMark = 'failed' | 'output';

export interface SeenPane {
  readonly atMs: number;
  /** How much its running blocks had printed by then: their last output has no time of its own. */
  readonly printed: number;
}

/** By server. */
export type SeenPanes = ReadonlyMap<string, SeenPane>;

/** A pane that nobody has looked at. */
export const unseenPane: SeenPane = { atMs: 0, printed: 0 };

/** Servers whose panes are kept, the one that was looked at longest ago goes first; as many as a layout can name. */
const serversMax = 256;

export function toSeenPane(blocks: readonly BlockView[], atMs: number): SeenPane {
  return { atMs, printed: toPrinted(blocks, atMs) };
}

/** What a person has missed in a pane; null for nothing. */
export function toMark(blocks: readonly BlockView[], seen: SeenPane): PaneMark | null {
  const missed = blocks.filter(
    (block) => block.tool !== 'shell_open' && (block.startedAtMs > seen.atMs || toEndMs(block) > seen.atMs),
  );
  const lastOf = (blocks: readonly BlockView[]): number => Math.max(-1, ...blocks.map(toLastMs));
  if (lastOf(missed.filter(hasFailed)) > lastOf(missed.filter(({ status }) => status === 'ok'))) return 'failed';
  return missed.length > 0 || toPrinted(blocks, seen.atMs) !== seen.printed ? 'output' : null;
}

/** What the person denied or cancelled is no news to them. */
export function hasFailed({ status, code }: { readonly [key in 'status' | 'code']?: BlockView[key] }): boolean {
  return (status === 'error' && code !== 'APPROVAL_DENIED' && code !== 'CANCELLED') || status === 'partial_failure';
}

export function fromSeenPanes(panes: SeenPanes): readonly unknown[] {
  const newest = [...panes].sort(([, a], [, b]) => b.atMs - a.atMs).slice(0, serversMax);
  return newest.map(([server, seen]) => ({ server, ...seen }));
}

/** Throws an Error whose message says where the data is not what `fromSeenPanes` makes. */
export function toSeenPanes(value: unknown): SeenPanes {
  return new Map(
    toList(value, 'seen', serversMax).map((row) => {
      const { server, atMs, printed } = toFields(row, 'seen') as Readonly<
        Record<'server' | 'atMs' | 'printed', unknown>
      >;
      return [toId(server, 'seen'), { atMs: toAmount(atMs), printed: toAmount(printed) }];
    }),
  );
}

function toPrinted(blocks: readonly BlockView[], untilMs: number): number {
  return blocks
    .filter(({ state, startedAtMs }) => state === 'running' && startedAtMs <= untilMs)
    .reduce((sum, { text, skippedBytes }) => sum + text.length + skippedBytes, 0);
}

function toLastMs(block: BlockView): number {
  return Math.max(block.startedAtMs, toEndMs(block));
}

/** Before everything while it has not ended. */
function toEndMs({ durationMs, ranAtMs, startedAtMs }: BlockView): number {
  return durationMs === null ? 0 : (ranAtMs ?? startedAtMs) + durationMs;
}

function toAmount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new Error('seen has no number');
  return value;
}
