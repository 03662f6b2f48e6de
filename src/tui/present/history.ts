/**
 * The history of one file: a row a change, and what the chosen one did. Pure.
 */
import type { FileStepView } from '../../protocol/audit-methods.ts';
import type { Result } from '../../protocol/methods.ts';
import type { StyledLine } from '../styled.ts';
import { toAuditToken } from './audit.ts';
import { toDiffLines } from './diff.ts';
import { type DiffLayout, toBesideLines } from './diff-beside.ts';
import type { Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { toPathOf } from './row-colours.ts';
import { toMarkedServer } from './server-name.ts';
import { cell, clip, emptyLine, foreign, plain, span, wrap, wrapProse } from './text.ts';
import { toCount } from './words.ts';

export function toHistoryTitle({ server, path, steps, isCut }: Result<'audit.history'>, page: Page): StyledLine {
  const count = `${toCount(steps.length, 'change')}${isCut ? ' of the newest operations' : ''}`;
  const line = [
    span(` ${foreign(path)} `, 'title', { bold: true }),
    span('on ', 'muted'),
    ...toMarkedServer(server, page),
    span(`, ${count} `, 'muted'),
  ];
  return clip(line, page.columns, page.glyphs.ellipsis);
}

export function toHistoryRow({ ts, outcome, by, id, isDrift }: FileStepView, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  const time = foreign(ts.slice(0, 19).replace('T', ' '));
  return clip(
    [
      span(` ${cell(time, 19, ellipsis)} `, 'muted'),
      span(`${cell(foreign(outcome), 15, ellipsis)} `, toAuditToken({ outcome })),
      span(`${cell(foreign(by), 16, ellipsis)} `, 'text'),
      span(foreign(id), 'muted'),
      span(isDrift ? '  somebody else had changed it before' : '', 'warn'),
    ],
    page.columns,
    ellipsis,
  );
}

export function toHistoryDetails(
  step: FileStepView,
  detail: Result<'audit.detail'> | null,
  page: Page,
  layout: DiffLayout,
  toColours: CodeColours = () => null,
): readonly StyledLine[] {
  if (!detail) return [plain(`${page.glyphs.running} loading what it changed`, 'muted')];
  const lines: StyledLine[] = [];
  if (step.isDrift) {
    const words = 'The file was not what the change before had left: somebody changed it past signalbox.';
    lines.push(...wrap([span(words, 'warn')], page.columns), emptyLine);
  }
  if (detail.diffNote !== null) lines.push(...wrapProse(detail.diffNote, 'muted', page.columns), emptyLine);
  if (detail.diff === null && detail.diffNote === null) lines.push(plain('It changed nothing.', 'muted'));
  if (detail.diff === null) return lines;
  const colours = { path: toPathOf(detail.diff), toColours };
  return [...lines, ...(layout === 'beside' ? toBesideLines : toDiffLines)(detail.diff, page, colours)];
}
