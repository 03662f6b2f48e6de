/**
 * The Audit view: one row an operation, and every record of one with its diff. Pure.
 */
import type { AuditRowView, Result } from '../../protocol/methods.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toDiffLines } from './diff.ts';
import type { Page } from './page.ts';
import { cell, clip, emptyLine, foreign, plain, span, wrap } from './text.ts';
import { toDuration } from './words.ts';

export type AuditDetail = Result<'audit.detail'>;

/** How it ended, or where it stands, as a colour; the word stands beside it. */
export function toAuditToken(row: Pick<AuditRowView, 'outcome'>): Token {
  if (/^(ok|done|written)/.test(row.outcome)) return 'ok';
  if (/unknown|partial|never/.test(row.outcome)) return 'danger';
  if (/error|fail|refused|reject|denied|expired/.test(row.outcome)) return 'warn';
  return 'muted';
}

export function toAuditRow(row: AuditRowView, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const isWide = page.columns >= 120;
  const outcome = row.exitCode === null || row.outcome === 'ok' ? row.outcome : `exit ${row.exitCode}`;
  return clip(
    [
      span(` ${cell(toShortTime(row.ts), 14, ellipsis)} `, 'muted'),
      span(`${cell(foreign(row.server ?? '-'), isWide ? 16 : 10, ellipsis)} `, 'title', { bold: true }),
      span(`${cell(outcome, isWide ? 18 : 12, ellipsis)} `, toAuditToken(row)),
      span(`${cell(isWide ? toDecision(row) : toShortDecision(row), isWide ? 24 : 8, ellipsis)} `, 'muted'),
      ...(isWide ? [span(`${cell(foreign(row.agent ?? row.origin), 14, ellipsis)} `, 'text')] : []),
      span(`${row.tool.replace(/^remote_/, '')} `, 'accent'),
      span(foreign(row.summary), 'text'),
    ],
    page.columns,
    ellipsis,
  );
}

function toDecision(row: AuditRowView): string {
  return row.approver === null ? row.decision : `by ${foreign(row.approver)}`;
}

/** Who decided, in one word: the policy, a person, or nobody yet. */
function toShortDecision(row: AuditRowView): string {
  if (row.decision === 'reject') return 'rejected';
  if (row.decision === 'auto-allow') return 'policy';
  return row.approver === null ? 'asked' : 'person';
}

/** Month, day and time of day as the log has them (UTC). */
function toShortTime(ts: string): string {
  return /^\d{4}-(\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(ts)?.slice(1).join(' ') ?? ts;
}

/** A summary first, then the diff, then every record as it is stored. */
export function toAuditDetailLines(
  row: AuditRowView,
  detail: AuditDetail | null,
  shows: 'all' | 'diff',
  page: Page,
): readonly StyledLine[] {
  const lines: StyledLine[] = shows === 'diff' ? [] : [...toSummary(row, page), emptyLine];
  if (!detail) return [...lines, plain(`${page.glyphs.running} loading its records`, 'muted')];
  if (detail.diff !== null) {
    lines.push(plain('Diff', 'title', { bold: true }), ...toDiffLines(detail.diff, page), emptyLine);
  } else if (shows === 'diff') lines.push(plain('It changed no file, so there is no diff.', 'muted'));
  if (detail.diffNote !== null) lines.push(...wrap([span(foreign(detail.diffNote), 'muted')], page.columns), emptyLine);
  if (shows === 'diff') return lines;
  for (const record of detail.records) lines.push(...toRecordLines(record, page), emptyLine);
  return lines;
}

function toSummary(row: AuditRowView, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string, token?: Token): void => {
    lines.push(...wrap([span(value, token)], page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))));
  };
  field('id', row.id);
  field('time', row.ts);
  field('server', foreign(row.server ?? 'none'));
  field('operation', foreign(`${row.tool} ${row.summary}`));
  field('outcome', [row.outcome, row.code].filter((part) => part !== null).join(', '), toAuditToken(row));
  if (row.exitCode !== null) field('exit status', `${row.exitCode}`);
  if (row.durationMs !== null) field('took', toDuration(row.durationMs));
  field('decision', `${row.decision}, rule ${foreign(row.rule)}`);
  if (row.approver !== null) field('decided by', foreign(row.approver));
  field('asked by', foreign([row.agent, row.session, row.origin].filter((part) => part !== null).join(', ')));
  if (row.commit !== null) field('diff', `signalbox audit diff ${row.id}`);
  return lines;
}

function toRecordLines(record: Readonly<Record<string, unknown>>, page: Page): readonly StyledLine[] {
  const head = [
    span(`record ${String(record['seq'] ?? '')}`, 'title', { bold: true }),
    span(` ${foreign(String(record['type'] ?? ''))}`, 'accent'),
  ];
  const lines: StyledLine[] = [head];
  for (const [name, value] of Object.entries(record)) {
    if (name === 'seq' || name === 'type' || value === null) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const first = plain(`  ${cell(foreign(name), 12, page.glyphs.ellipsis)} `, 'muted');
    lines.push(...wrap([span(foreign(text))], page.columns, first, plain(' '.repeat(15))));
  }
  return lines;
}
