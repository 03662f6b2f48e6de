/**
 * What a session changed, and what a rollback would do: files as rows and as details with their difference. Pure.
 */

import type { ChangedFileView, RollbackPreviewView } from '../../protocol/methods.ts';
import { keyWord } from '../key-words.ts';
import type { StyledLine, Token } from '../styled.ts';
import { toDiffLines } from './diff.ts';
import type { Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { toServerCell, wrapServer } from './server-name.ts';
import { clipPaths } from './short-paths.ts';
import { cell, columnsOf, emptyLine, foreign, plain, span, wrapExact, wrapProse } from './text.ts';
import { toCount } from './words.ts';

export function toChangeRow(file: ChangedFileView, page: Page): StyledLine {
  const { ellipsis } = page.glyphs;
  return clipPaths(
    [
      span(' '),
      ...toServerCell(file.server, 14, page, 'short'),
      span(' '),
      span(`${cell(file.effect, 7, ellipsis)} `, 'muted'),
      span(`${cell(foreign(file.agents.join(', ')), 12, ellipsis)} `, 'accent'),
      span(`${foreign(file.path)} `, 'text'),
      span(foreign(file.state), toStateToken(file.state)),
    ],
    page.columns,
    ellipsis,
  );
}

function toStateToken(state: string): Token {
  if (state === 'as the session left it' || state === 'changed') return 'muted';
  return state.startsWith('as it was') || state === 'rolled back' ? 'ok' : 'warn';
}

export function toChangeDetails(
  file: ChangedFileView,
  page: Page,
  toColours: CodeColours = () => null,
): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  const field = (name: string, value: string, token?: Token): void => {
    lines.push(
      ...wrapExact(span(foreign(value), token), page.columns, plain(cell(name, 12), 'muted'), plain(' '.repeat(12))),
    );
  };
  field('file', `${file.path} on ${file.server}`);
  field('now', file.state, toStateToken(file.state));
  field('operations', file.ids.map((id) => (file.rolledBackIds.includes(id) ? `${id} (rolled back)` : id)).join(', '));
  lines.push(emptyLine);
  if (file.diff !== null) lines.push(...toDiffLines(file.diff, page, { path: file.path, toColours }));
  if (file.note !== null) lines.push(...wrapProse(file.note, 'muted', page.columns));
  return lines;
}

/** Everything that would happen, in the order in which it would, and why it stops where it does. */
export function toPreviewLines(
  preview: RollbackPreviewView,
  page: Page,
  toColours: CodeColours = () => null,
): readonly StyledLine[] {
  const { steps, stop } = preview;
  const lines: StyledLine[] = [];
  const say = (text: string, token: Token): void => {
    lines.push(...wrapExact(span(text, token), page.columns));
  };
  for (const { server, path, ids, effect, diff, note } of steps) {
    const what = span(
      `${effect === 'delete' ? 'Deletes' : 'Restores'} ${foreign(path)}`,
      effect === 'delete' ? 'danger' : 'title',
    );
    const where = wrapServer(server, page, plain('on '));
    const isOneLine = where.length === 1 && columnsOf([what, ...(where[0] ?? [])]) < page.columns;
    lines.push(
      ...(isOneLine ? [[what, span(' '), ...(where[0] ?? [])]] : [...wrapExact(what, page.columns), ...where]),
    );
    say(`takes back ${ids.map(foreign).join(', ')}`, 'muted');
    if (diff !== null) lines.push(...toDiffLines(diff, page, { path, toColours }));
    if (note !== null) lines.push(...wrapProse(note, 'muted', page.columns));
    lines.push(emptyLine);
  }
  if (stop !== null)
    lines.push(
      ...wrapProse(`${steps.length === 0 ? '' : `Stops before ${stop.id}: `}${stop.message}`, 'warn', page.columns),
    );
  if (steps.length > 0) {
    const cards = steps.length === 1 ? 'a card' : 'one card after another';
    say(
      `${toCount(steps.length, 'file')}. ${keyWord('rollback', 'submit')} puts it before the gate; you answer ${cards}.`,
      'text',
    );
  }
  return lines;
}
