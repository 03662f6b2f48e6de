/**
 * A unified diff as rows: what each line is, where it stands in both files, and which part of a changed line is the change. Texts are
 * escaped already. Pure; lays nothing out.
 */
import type { StyledLine } from '../styled.ts';
import { foreign } from './text.ts';

/** Positions in the escaped text, the end exclusive. */
export interface Change {
  readonly from: number;
  readonly to: number;
}

export interface DiffRow {
  readonly kind: 'header' | 'hunk' | 'context' | 'remove' | 'add' | 'note';
  /** The mark of the line: "-", "+", a blank, or nothing. */
  readonly sign: string;
  readonly text: string;
  /** The part that differs from its counterpart; null for none, or when nearly all of it does. */
  readonly change: Change | null;
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
  return { kind, sign, text: foreign(text), change: null, before: null, after: null };
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
  const changes = new Map<number, Change>();
  for (const [removed, added] of toPairs(rows)) {
    const both = toChange(rows[removed]?.text ?? '', rows[added]?.text ?? '');
    if (!both) continue;
    changes.set(removed, both.before);
    changes.set(added, both.after);
  }
  return rows.map((row, index) => ({ ...row, change: changes.get(index) ?? null }));
}

/** A shorter common part is chance: marking nearly all of a line says nothing. */
const commonShareMin = 0.3;

/** Without the words that both begin and end with; null when the lines have little in common. */
export function toChange(before: string, after: string): { readonly before: Change; readonly after: Change } | null {
  const [old, now] = [toWords(before), toWords(after)];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const length = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length, 0);
  const head = length(old.slice(0, start));
  const tail = length(old.slice(old.length - end));
  const common =
    old.slice(0, start).join('').trim().length +
    old
      .slice(old.length - end)
      .join('')
      .trim().length;
  if (common < commonShareMin * Math.max(before.trim().length, after.trim().length)) return null;
  return { before: { from: head, to: before.length - tail }, after: { from: head, to: after.length - tail } };
}

/** Words, runs of blanks, and every other sign for itself; a letter with its marks is never taken apart. */
function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]\p{M}*/gu) ?? [];
}
