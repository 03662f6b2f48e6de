/** Finds the rows that match, over many segments, without holding them: first by bytes, then by what a row says. What was found in a segment that grows no more is remembered. */
import type { Buffer } from 'node:buffer';
import { type AuditFilter, emptyAuditFilter, toFilterMatcher } from '../../core/audit/audit-filter.ts';
import type { AuditQuery, AuditRow } from '../../core/audit/record.ts';
import { createTimeSlice } from './time-slice.ts';

/** The rows of one segment, loaded. */
export interface LoadedRows {
  readonly length: number;
  row(at: number): AuditRow | null;
  /** The rows as they are stored, one line of JSON each, with where each begins; null for rows in memory. */
  readonly stored: { readonly bytes: Buffer; readonly offsets: Uint32Array } | null;
  /** Rows that say something else than what is stored: later segments know more. */
  readonly changed: readonly number[];
}

export interface SearchedSegment {
  readonly name: string;
  /** Whether what was found in it stays true. */
  readonly isFixed: boolean;
  readonly fromMs: number;
  readonly untilMs: number;
  load(): Promise<LoadedRows>;
}

/** Numbers of the matching rows of a segment, in order. */
export type Matches = Uint32Array;

/** Questions whose answers are remembered: a list that is scrolled asks one again and again. */
const questionsMax = 4;

export interface RowMatcher {
  readonly key: string;
  readonly filter: AuditFilter;
  matches(row: AuditRow): boolean;
}

/** Null when every row matches. */
export function toRowMatcher(query: AuditQuery): RowMatcher | null {
  const { server, session, tool, outcome, text, filter = emptyAuditFilter } = query;
  const given = { server, session, tool, outcome };
  const hasFilter =
    filter.conditions.length + filter.texts.length > 0 || filter.sinceMs !== null || filter.untilMs !== null;
  const exact = Object.entries(given).filter(([, value]) => value !== undefined);
  if (!hasFilter && exact.length === 0 && (text ?? '') === '') return null;
  const joined: AuditFilter = text === undefined ? filter : { ...filter, texts: [...filter.texts, text] };
  const matchesFilter = toFilterMatcher(joined);
  return {
    key: JSON.stringify([given, joined]),
    filter: server === undefined ? joined : withServer(joined, server),
    matches: (row) => exact.every(([key, value]) => row[key as keyof typeof given] === value) && matchesFilter(row),
  };
}

function withServer(filter: AuditFilter, server: string): AuditFilter {
  return { ...filter, conditions: [...filter.conditions, { key: 'server', value: server, isExcluded: false }] };
}

export class AuditSearch {
  readonly #answers = new Map<string, Map<string, Matches>>();

  /** Forgets what was found: rows of earlier segments have changed. */
  reset(): void {
    this.#answers.clear();
  }

  /** For each segment, in the order given. @param state answers given under another one are not reused. */
  async find(segments: readonly SearchedSegment[], matcher: RowMatcher, state: string): Promise<Matches[]> {
    const answers = this.#answersTo(`${state} ${matcher.key}`);
    const needle = toNeedle(matcher.filter);
    const found: Matches[] = [];
    for (const segment of segments) {
      const known = segment.isFixed ? answers.get(segment.name) : undefined;
      const matches = known ?? (await search(segment, matcher, needle));
      if (segment.isFixed) answers.set(segment.name, matches);
      found.push(matches);
    }
    return found;
  }

  #answersTo(question: string): Map<string, Matches> {
    const answers = this.#answers.get(question) ?? new Map<string, Matches>();
    this.#answers.delete(question);
    this.#answers.set(question, answers);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > questionsMax && !oldest.done) this.#answers.delete(oldest.value);
    return answers;
  }
}

async function search(segment: SearchedSegment, matcher: RowMatcher, needle: Needle | null): Promise<Matches> {
  const { sinceMs, untilMs } = matcher.filter;
  const isOutside = (sinceMs !== null && segment.untilMs < sinceMs) || (untilMs !== null && segment.fromMs >= untilMs);
  if (isOutside) return new Uint32Array(0);
  const rows = await segment.load();
  const found: number[] = [];
  const pause = createTimeSlice();
  const check = (at: number): void => {
    const row = rows.row(at);
    if (row !== null && matcher.matches(row)) found.push(at);
  };
  for (const at of toCandidates(rows, needle)) {
    check(at);
    await pause();
  }
  return Uint32Array.from(found).sort();
}

interface Needle {
  readonly text: string;
  readonly letters: 'exact' | 'any-case';
}

/** Text that is in the stored form of every matching row. Only ASCII: beyond it letters change case in ways bytes do not show. */
function toNeedle(filter: AuditFilter): Needle | null {
  const [text] = filter.texts
    .filter((one) => /^[\x20-\x7e]+$/.test(one))
    .sort((one, other) => other.length - one.length);
  if (text !== undefined) return { text: JSON.stringify(text.toLowerCase()).slice(1, -1), letters: 'any-case' };
  for (const { key, value, isExcluded } of filter.conditions) {
    const isAlone = filter.conditions.filter((one) => one.key === key && !one.isExcluded).length === 1;
    if (isExcluded || !isAlone || !/^[\x20-\x7e]+$/.test(value)) continue;
    if (key === 'server' || key === 'session' || key === 'agent' || key === 'rule' || key === 'decision')
      return { text: `${JSON.stringify(key)}:${JSON.stringify(value)}`, letters: 'exact' };
    if (key === 'id') return { text: `"id":${JSON.stringify(value).slice(0, -1)}`, letters: 'exact' };
  }
  return null;
}

function* toCandidates(rows: LoadedRows, needle: Needle | null): Generator<number> {
  if (needle === null || rows.stored === null) {
    for (let at = 0; at < rows.length; at += 1) yield at;
    return;
  }
  const changed = new Set(rows.changed);
  yield* rows.changed;
  const { bytes, offsets } = rows.stored;
  const stored = bytes.toString('latin1');
  const text = needle.letters === 'exact' ? stored : stored.toLowerCase();
  let at = 0;
  for (
    let from = text.indexOf(needle.text);
    from !== -1;
    from = text.indexOf(needle.text, offsets[at] ?? text.length)
  ) {
    at = rowAt(offsets, from, at);
    if (!changed.has(at)) yield at;
    at += 1;
  }
}

/** The row that holds this byte, by halving. */
function rowAt(offsets: Uint32Array, byte: number, from: number): number {
  let low = from;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}
