/**
 * A unified diff as styled lines. The marks + and - stay: the colour only repeats them. Pure.
 */
import type { StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { foreignLines, plain, span, wrap } from './text.ts';

export function toDiffLines(diff: string, page: Page): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  let isInHunk = false;
  for (const line of foreignLines(diff.replace(/\n$/, ''))) {
    isInHunk ||= line.startsWith('@@');
    const token = isInHunk ? toToken(line) : 'muted';
    lines.push(...wrap([span(line === '' ? ' ' : line, token)], page.columns, [], plain('  ', 'muted')));
  }
  return lines;
}

function toToken(line: string): Token {
  if (line.startsWith('@@')) return 'diffHunk';
  if (line.startsWith('+')) return 'diffAdd';
  if (line.startsWith('-')) return 'diffRemove';
  return 'text';
}
