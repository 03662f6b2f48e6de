/**
 * The filter language of the audit log, the same for the command line and the screen: `server:web-1 outcome:denied since:2h nginx`.
 * Pure: the time is handed in.
 */
import { OperationError } from '../codes.ts';
import { type AuditOutcome, type AuditRow, auditOutcomes } from './record.ts';

export const auditFilterKeys = ['id', 'server', 'session', 'agent', 'tool', 'decision', 'outcome', 'rule'] as const;
export type AuditFilterKey = (typeof auditFilterKeys)[number];

/** One `key:value`; several with one key are alternatives, and each excluded one must not be. */
export interface AuditCondition {
  readonly key: AuditFilterKey;
  readonly value: string;
  readonly isExcluded: boolean;
}

export interface AuditFilter {
  readonly conditions: readonly AuditCondition[];
  /** Milliseconds since the epoch, inclusive. */
  readonly sinceMs: number | null;
  /** Milliseconds since the epoch, exclusive. */
  readonly untilMs: number | null;
  /** Every one must occur, in any letter case. */
  readonly texts: readonly string[];
}

export const emptyAuditFilter: AuditFilter = { conditions: [], sinceMs: null, untilMs: null, texts: [] };

/** In short, for help texts. */
export const auditFilterHelp =
  'server:ID session:ID agent:ID tool:NAME decision:NAME outcome:NAME rule:ID id:START since:2h until:2026-11-20 TEXT; -key:value excludes';

/**
 * Words between spaces, `"…"` where a value has some. A word that begins with no known key is text to look for.
 * Times: `90s`, `30m`, `2h`, `7d`, `2w` ago, or ISO 8601; a date alone is the day in UTC, to its end for `until:`.
 * Throws INVALID_ARGUMENT for a value that cannot be one.
 */
export function parseAuditFilter(input: string, nowMs: number): AuditFilter {
  const conditions: AuditCondition[] = [];
  const texts: string[] = [];
  let sinceMs: number | null = null;
  let untilMs: number | null = null;
  for (const word of toWords(input)) {
    const [, sign = '', name = '', value = ''] = /^(-?)([a-z]+):([\s\S]*)$/.exec(word.text) ?? [];
    const key = word.isQuoted ? undefined : auditFilterKeys.find((one) => one === name);
    if (key !== undefined) {
      conditions.push({ key, value: toValue(key, value), isExcluded: sign === '-' });
    } else if (!word.isQuoted && sign === '' && name === 'since') sinceMs = toTime(name, value, nowMs);
    else if (!word.isQuoted && sign === '' && name === 'until') untilMs = toTime(name, value, nowMs);
    else if (word.text !== '') texts.push(word.text);
  }
  return { conditions, sinceMs, untilMs, texts };
}

/** Fields that free text is looked for in. */
export function toSearchedTexts(row: AuditRow): readonly (string | null)[] {
  return [row.id, row.server, row.agent, row.tool, row.summary, row.code, row.rule];
}

export function toFilterMatcher(filter: AuditFilter): (row: AuditRow) => boolean {
  const wanted = filter.texts.map((text) => text.toLowerCase());
  const required = auditFilterKeys.flatMap((key) => {
    const values = filter.conditions.filter((one) => one.key === key && !one.isExcluded).map((one) => one.value);
    return values.length === 0 ? [] : [{ key, values }];
  });
  const excluded = filter.conditions.filter((one) => one.isExcluded);
  return (row) =>
    required.every(({ key, values }) => values.some((value) => hasValue(row, key, value))) &&
    !excluded.some(({ key, value }) => hasValue(row, key, value)) &&
    isWithin(row.ts, filter) &&
    wanted.every((text) => toSearchedTexts(row).some((field) => field?.toLowerCase().includes(text)));
}

function hasValue(row: AuditRow, key: AuditFilterKey, value: string): boolean {
  // An id is typed by its beginning, and a tool without the prefix that all of them have.
  if (key === 'id') return row.id.startsWith(value);
  if (key === 'tool') return row.tool === value || row.tool === `remote_${value}`;
  return (row[key] ?? '') === value;
}

function isWithin(ts: string, { sinceMs, untilMs }: AuditFilter): boolean {
  if (sinceMs === null && untilMs === null) return true;
  const atMs = Date.parse(ts);
  return (sinceMs === null || atMs >= sinceMs) && (untilMs === null || atMs < untilMs);
}

function toValue(key: AuditFilterKey, value: string): string {
  if (value === '') throw invalid(`"${key}:" needs a value, for example ${examples[key]}.`);
  if (key !== 'outcome') return value;
  const outcome: AuditOutcome | undefined = auditOutcomes.find((one) => one === value);
  if (outcome === undefined) throw invalid(`outcome: must be one of ${auditOutcomes.join(', ')}.`);
  return outcome;
}

const examples: Readonly<Record<AuditFilterKey, string>> = {
  id: 'id:mi7x',
  server: 'server:web-1',
  session: 'session:s1',
  agent: 'agent:demo',
  tool: 'tool:exec',
  decision: 'decision:auto-allow',
  outcome: 'outcome:denied',
  rule: 'rule:unknown-command',
};

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** ISO 8601, a subset: a date, or a date and a time with or without a zone. */
const isoPattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

function toTime(key: 'since' | 'until', value: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(value) ?? [];
  if (count !== undefined) {
    // The same words typed again within a minute are the same question, which has been answered already.
    const now = unit === 's' ? nowMs : Math.floor(nowMs / 60_000) * 60_000;
    return now - Number(count) * (unitsMs[unit] ?? 0);
  }
  const atMs = isoPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs))
    throw invalid(
      `"${key}:${value}" is no time: write ${key}:2h (s, m, h, d or w ago), ${key}:2026-11-20 or ${key}:2026-11-20T09:30.`,
    );
  return key === 'until' && value.length === 10 ? atMs + 86_400_000 : atMs;
}

/** A quote that is not closed reaches to the end: that is how it looks while it is being typed. */
function toWords(input: string): { readonly text: string; readonly isQuoted: boolean }[] {
  const words: { text: string; isQuoted: boolean }[] = [];
  for (const [, prefix = '', quoted, bare] of input.matchAll(/(-?[a-z]+:)?(?:"([^"]*)"?|(\S+))|(-?[a-z]+:)(?=\s|$)/g)) {
    if (quoted === undefined) words.push({ text: `${prefix}${bare ?? ''}`, isQuoted: false });
    else words.push({ text: `${prefix}${quoted}`, isQuoted: prefix === '' });
  }
  return words;
}

function invalid(message: string): OperationError {
  return new OperationError('INVALID_ARGUMENT', message);
}
