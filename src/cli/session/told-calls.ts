/**
 * The calls of an agent that an export leaves out, since what the gate did for them stands there already: with its outcome, and surer than what
 * the agent said. Pure.
 */
import type { ConversationItem } from '../../protocol/view.ts';
import { toOperation } from '../../tui/situation-item.ts';
import type { ExportedEntry } from './export-session.ts';

type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;
type Operation = Extract<ExportedEntry, { kind: 'operation' }>['operation'];

/** How far apart a call and its operation may stand: a request waits for a person in between. */
const apartMsMax = 15 * 60_000;

/** Each operation stands for one call: the one that names its id, else the nearest one of its server and its words. */
export function withoutToldCalls(entries: readonly ExportedEntry[]): readonly ExportedEntry[] {
  const left = new Map(
    entries.flatMap((entry) => (entry.kind === 'operation' ? [[entry.operation.id, entry.operation] as const] : [])),
  );
  const told = new Set<ExportedEntry>();
  const tell = (entry: ExportedEntry, operation: Operation | undefined): void => {
    if (operation && left.delete(operation.id)) told.add(entry);
  };
  for (const find of [
    (item: ToolItem): Operation | undefined => left.get(toOperation(item) ?? ''),
    (item: ToolItem): Operation | undefined => findNearest(item, [...left.values()]),
  ])
    for (const entry of entries)
      if (entry.kind === 'item' && entry.item.kind === 'tool' && !told.has(entry)) tell(entry, find(entry.item));
  return entries.filter((entry) => !told.has(entry));
}

function findNearest(item: ToolItem, operations: readonly Operation[]): Operation | undefined {
  const apartMs = ({ atMs }: Operation): number => Math.abs(atMs - item.atMs);
  return operations
    .filter((operation) => apartMs(operation) <= apartMsMax && isOf(item, operation))
    .sort((one, other) => apartMs(one) - apartMs(other))[0];
}

function isOf({ asked, title }: ToolItem, { server, summary, tool }: Operation): boolean {
  if (asked) return asked.tool === tool && asked.server === server && asked.summary === summary;
  return server !== null && summary.length > 1 && title.includes(server) && title.includes(summary);
}
