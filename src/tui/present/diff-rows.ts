/**
 * A unified diff as rows: what each line is, where it stands in both files, and which parts of a changed line are the change. Texts are
 * escaped already. Pure; lays nothing out.
 */
import type { StyledLine } from '../styled.ts';
import { type Change, toChanges } from './changed-words.ts';
import { foreign } from './text.ts';

export interface DiffRow {
  readonly kind: 'header' | 'hunk' | 'context' | 'remove' | 'add' | 'note';
  /** The mark of the line: "-", "+", a blank, or nothing. */
  readonly sign: string;
  readonly text: string;
  /** The parts that differ from its counterpart, in their order; none when nearly all of it does. */
  readonly changes: readonly Change[];
  /** Line numbers; null where it is not in that file. */
  readonly before: number | null;
  readonly after: number | null;
  /** The text in the colours of its language; absent where there are none. */
  readonly code?: StyledLine;
}

export function toDiffRows(diff: string): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let before: number | null = null;
  let after: number | null = null;
  for (const source of diff.replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(source);
    if (source.startsWith('@@')) {
      before = Number(hunk?.[1] ?? 1);
      after = Number(hunk?.[3] ?? 1);
      rows.push(toRow('hunk', '', source));
    } else if (before === null || after === null) rows.push(toRow('header', '', source));
    else if (source.startsWith('-')) rows.push({ ...toRow('remove', '-', source.slice(1)), before: before++ });
    else if (source.startsWith('+')) rows.push({ ...toRow('add', '+', source.slice(1)), after: after++ });
    else if (source.startsWith('\\')) rows.push(toRow('note', '', source));
    else rows.push({ ...toRow('context', ' ', source.slice(1)), before: before++, after: after++ });
  }
  return withChanges(rows);
}

function toRow(kind: DiffRow['kind'], sign: string, text: string): DiffRow {
  return { kind, sign, text: foreign(text), changes: [], before: null, after: null };
}

/** Which removed line became which added one: the first the first, and so on, within lines that follow each other. */
export function toPairs(rows: readonly DiffRow[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  for (let index = 0; index < rows.length; ) {
    const removed = takeKind(rows, index, 'remove');
    const added = takeKind(rows, removed.next, 'add');
    removed.indexes.forEach((at, place) => {
      const partner = added.indexes[place];
      if (partner !== undefined) pairs.set(at, partner);
    });
    index = Math.max(added.next, index + 1);
  }
  return pairs;
}

/** Notes about a missing line end stand between the lines that they are about. */
function takeKind(rows: readonly DiffRow[], from: number, kind: DiffRow['kind']): { indexes: number[]; next: number } {
  const indexes: number[] = [];
  let next = from;
  for (; rows[next]?.kind === kind || (indexes.length > 0 && rows[next]?.kind === 'note'); next += 1)
    if (rows[next]?.kind === kind) indexes.push(next);
  return { indexes, next };
}

function withChanges(rows: readonly DiffRow[]): readonly DiffRow[] {
  const changes = new Map<number, readonly Change[]>();
  for (const [removed, added] of toPairs(rows)) {
    const both = toChanges(rows[removed]?.text ?? '', rows[added]?.text ?? '');
    if (!both) continue;
    changes.set(removed, both.before);
    changes.set(added, both.after);
  }
  return rows.map((row, index) => ({ ...row, changes: changes.get(index) ?? [] }));
}
