/**
 * The Audit view: one row an operation, and every record of one with its diff. Pure.
 */
import type { AuditRowView, Result } from '../../protocol/methods.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toDiffLines } from './diff.ts';
import { type DiffLayout, toBesideLines } from './diff-beside.ts';
import type { Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { toPathOf } from './row-colours.ts';
import { toNamedWidth, toServerCell, toShortServer, wrapServer } from './server-name.ts';
import { clipPaths } from './short-paths.ts';
import { cell, clip, columnsOf, emptyLine, foreign, plain, span, textWidth, wrapExact, wrapProse } from './text.ts';
import { toDuration } from './words.ts';

export type AuditDetail = Result<'audit.detail'>;

/** How it ended, or where it stands, as a colour; the word stands beside it. */
export function toAuditToken(row: Pick<AuditRowView, 'outcome'>): Token {
  if (/^(ok|done|written)/.test(row.outcome)) return 'ok';
  if (/unknown|partial|never/.test(row.outcome)) return 'danger';
  if (/error|fail|refused|reject|denied|withdrawn|expired/.test(row.outcome)) return 'warn';
  return 'muted';
}

/** Cells of each column; the operation has what is left. */
export interface AuditColumns {
  readonly time: number;
  readonly server: number;
  readonly outcome: number;
  readonly decision: number;
  /** 0 where the screen is too narrow for it. */
  readonly agent: number;
}

/** From here on there is room for the seconds, the agent, and who decided by name. */
const wideColumns = 120;
const noServer = '-';
const titles = { time: 'TIME (UTC)', server: 'SERVER', outcome: 'OUTCOME', decision: 'DECIDED', agent: 'AGENT' };

/** Columns as wide as these rows need, within bounds, so that the operation has the rest. */
export function toAuditColumns(rows: readonly AuditRowView[], page: Page): AuditColumns {
  const isWide = page.columns >= wideColumns;
  const widest = (title: string, most: number, width: (row: AuditRowView) => number): number =>
    rows.reduce((cells, row) => (cells >= most ? most : Math.max(cells, Math.min(most, width(row)))), title.length);
  const of = (title: string, most: number, text: (row: AuditRowView) => string): number =>
    widest(title, most, (row) => textWidth(text(row)));
  return {
    time: isWide ? 14 : 11,
    server: isWide
      ? widest(titles.server, 32, ({ server }) => toNamedWidth(server ?? noServer, page))
      : widest(titles.server, 16, ({ server }) => columnsOf(toShortServer(server ?? noServer, page))),
    outcome: of(titles.outcome, isWide ? 18 : 12, toOutcome),
    decision: of(titles.decision, isWide ? 24 : 8, isWide ? toDecision : toShortDecision),
    agent: isWide ? of(titles.agent, 16, toAgent) : 0,
  };
}

export function toAuditHeading(widths: AuditColumns, page: Page): StyledLine {
  const cells = (['time', 'server', 'outcome', 'decision', 'agent'] as const)
    .filter((name) => widths[name] > 0)
    .map((name) => cell(titles[name], widths[name], page.glyphs.ellipsis));
  return clip(plain(` ${[...cells, 'OPERATION'].join(' ')}`, 'muted'), page.columns, page.glyphs.ellipsis);
}

export function toAuditRow(row: AuditRowView, widths: AuditColumns, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const decision = widths.agent > 0 ? toDecision(row) : toShortDecision(row);
  return clipPaths(
    [
      span(` ${cell(toShortTime(row.ts, widths.time), widths.time, ellipsis)} `, 'muted'),
      ...toServerCell(row.server ?? noServer, widths.server, page, widths.agent > 0 ? 'whole' : 'short'),
      span(' '),
      span(`${cell(toOutcome(row), widths.outcome, ellipsis)} `, toAuditToken(row)),
      span(`${cell(decision, widths.decision, ellipsis)} `, 'muted'),
      ...(widths.agent > 0 ? [span(`${cell(toAgent(row), widths.agent, ellipsis)} `, 'text')] : []),
      span(`${foreign(row.tool.replace(/^remote_/, ''))} `, 'accent'),
      span(foreign(row.summary), 'text'),
    ],
    page.columns,
    ellipsis,
  );
}

function toOutcome(row: AuditRowView): string {
  // It was ended while it ran, by a person or with what had asked for it.
  if (row.outcome === 'failed' && row.code === 'CANCELLED') return 'stopped';
  return row.exitCode === null || row.outcome === 'ok' ? foreign(row.outcome) : `exit ${row.exitCode}`;
}

function toAgent(row: AuditRowView): string {
  return foreign(row.agent ?? row.origin);
}

function toDecision(row: AuditRowView): string {
  return row.approver === null ? foreign(row.decision) : `by ${foreign(row.approver)}`;
}

/** Who decided, in one word: the policy, a person, or nobody. */
function toShortDecision(row: AuditRowView): string {
  if (row.decision === 'reject') return 'rejected';
  if (row.decision === 'auto-allow') return 'policy';
  // Nobody answered in time.
  if (row.approver === 'nobody') return 'nobody';
  return row.approver === null ? 'asked' : 'person';
}

/** Month, day and time of day as the log has them (UTC), as much as has room. */
function toShortTime(ts: string, columns: number): string {
  return (/^\d{4}-(\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(ts)?.slice(1).join(' ') ?? foreign(ts)).slice(0, columns);
}

export interface DetailLook {
  readonly shows: 'all' | 'diff';
  /** A preview has the keys of the list. */
  readonly place?: 'open' | 'preview';
  /** How the program is called on a command line. */
  readonly program: string;
  readonly layout?: DiffLayout;
  readonly toColours?: CodeColours;
}

/** A summary first, then the diff, then every record as it is stored. */
export function toAuditDetailLines(
  row: AuditRowView,
  detail: AuditDetail | null,
  look: DetailLook,
  page: Page,
): readonly StyledLine[] {
  const { shows, layout = 'unified', toColours = () => null } = look;
  const lines: StyledLine[] = shows === 'diff' ? [] : [...toSummary(row, detail, look, page), emptyLine];
  if (!detail) return [...lines, plain(`${page.glyphs.running} loading its records`, 'muted')];
  if (detail.diff !== null) {
    const diff = (layout === 'beside' ? toBesideLines : toDiffLines)(detail.diff, page, {
      ...{ path: toPathOf(detail.diff), toColours },
    });
    lines.push(plain('Diff', 'title', { bold: true }), ...diff, emptyLine);
  } else if (shows === 'diff') lines.push(plain('It changed no file, so there is no diff.', 'muted'));
  if (detail.diffNote !== null) lines.push(...wrapProse(detail.diffNote, 'muted', page.columns), emptyLine);
  if (shows === 'diff') return lines;
  for (const record of detail.records) lines.push(...toRecordLines(record, page), emptyLine);
  return lines;
}

/** What people look for first: how it ended, who said so, and why. */
function toSummary(
  row: AuditRowView,
  detail: AuditDetail | null,
  { program, place = 'open' }: DetailLook,
  page: Page,
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string, token?: Token): void => {
    lines.push(
      ...wrapExact(span(foreign(value), token), page.columns, plain(cell(name, 14), 'muted'), plain(' '.repeat(14))),
    );
  };
  field('outcome', [row.outcome, row.code].filter((part) => part !== null).join(', '), toAuditToken(row));
  if (row.approver !== null) field(toApproverLabel(row), row.approver);
  if (detail?.records.some((record) => record['edited'] === true))
    field('edited', 'the operator changed what was asked before it ran');
  const reason = toReason(detail);
  if (reason !== null) field('reason', reason);
  field('operation', `${row.tool} ${row.summary}`.trimEnd());
  lines.push(...wrapServer(row.server ?? noServer, page, plain(cell('server', 14), 'muted')));
  if (row.exitCode !== null) field('exit status', `${row.exitCode}`);
  if (row.durationMs !== null) field('took', toDuration(row.durationMs));
  field('decision', `${row.decision}, rule ${row.rule}`);
  field('asked by', [row.agent, row.session, row.origin].filter((part) => part !== null).join(', '));
  field('time', row.ts);
  field('id', row.id);
  const alone = place === 'open' ? `${keyWord('auditDetail', 'toggleDiff')}, or ` : '';
  if (row.commit !== null) field('diff', `${alone}${program} audit diff ${row.id}`);
  return lines;
}

function toApproverLabel(row: AuditRowView): string {
  if (row.outcome === 'denied' || row.code === 'APPROVAL_DENIED') return 'denied by';
  if (row.outcome === 'refused' || row.outcome === 'withdrawn' || row.decision === 'reject') return 'answered by';
  return row.approver === 'policy' ? 'allowed by' : 'approved by';
}

/** The newest reason in its records: what the operator wrote, or why the gate refused it. */
function toReason(detail: AuditDetail | null): string | null {
  const reasons = (detail?.records ?? []).map((record) => record['reason']);
  return reasons.findLast((reason): reason is string => typeof reason === 'string' && reason !== '') ?? null;
}

function toRecordLines(record: Readonly<Record<string, unknown>>, page: Page): readonly StyledLine[] {
  const seq = span(`record ${foreign(String(record['seq'] ?? ''))} `, 'title', { bold: true });
  const type = span(foreign(String(record['type'] ?? '')), 'accent');
  const lines: StyledLine[] = [...wrapExact(type, page.columns, [seq], plain('  '))];
  for (const [name, value] of Object.entries(record)) {
    if (name === 'seq' || name === 'type' || value === null) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const first = plain(`  ${cell(foreign(name), 12, page.glyphs.ellipsis)} `, 'muted');
    lines.push(...wrapExact(span(foreign(text)), page.columns, first, plain(' '.repeat(15))));
  }
  return lines;
}
