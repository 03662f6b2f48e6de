/** What a benchmark hands back, and how it reads as a table. It knows nothing of what is measured. */

export interface Measure {
  readonly what: string;
  readonly role: 'subject' | 'baseline';
  readonly samples: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** What was promised, held against what was measured. */
export interface Aim {
  readonly aim: string;
  readonly measured: number;
  readonly unit: '×' | 'ms' | 'MiB' | '%';
  readonly isMet: boolean;
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly measures: readonly Measure[];
  readonly aims: readonly Aim[];
  /** Sentences: conditions, and why a row is missing. */
  readonly notes: readonly string[];
}

/** `quick` trades samples for time: good enough to see that the benchmark works, not to quote. */
export type Effort = 'full' | 'quick';

/** Nearest-rank percentiles (NIST handbook 7.2.6.2 without interpolation): each is a sample that happened. */
export function toMeasure(what: string, role: Measure['role'], samplesMs: readonly number[]): Measure {
  const sorted = [...samplesMs].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { what, role, samples: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}

/** How many times one median is another; met when it is at most `max` (or at least `min`). */
export function toRatioAim(
  aim: string,
  ratio: number,
  bound: { readonly max: number } | { readonly min: number },
): Aim {
  return { aim, measured: ratio, unit: '×', isMet: 'max' in bound ? ratio <= bound.max : ratio >= bound.min };
}

export function toTable(reports: readonly Report[]): string {
  return reports.map(toSection).join('\n\n');
}

function toSection(report: Report): string {
  const header = ['', 'samples', 'p50 ms', 'p99 ms', 'worst ms'];
  const rows = report.measures.map((one) => [
    one.role === 'baseline' ? `(baseline) ${one.what}` : one.what,
    `${one.samples}`,
    ...[one.p50Ms, one.p99Ms, one.worstMs].map(toDigits),
  ]);
  const aims = report.aims.map(
    (one) => `${one.isMet ? 'met   ' : 'MISSED'} ${one.aim}: ${toDigits(one.measured)} ${one.unit}`,
  );
  const table = report.measures.length === 0 ? [] : toColumns([header, ...rows]);
  return [`${report.name}: ${report.title}`, ...table, ...aims, ...report.notes].join('\n  ');
}

function toColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function toDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
