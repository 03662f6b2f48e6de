/**
 * What stands around a shell in its pane: the tabs in the title, the notes on the lower border, and why one has ended. Pure; the screen of the
 * shell itself is drawn by an emulator.
 */

import { withoutTrustCommand } from '../../protocol/unknown-key.ts';
import type { ServerView, ShellView } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { PaneMark } from '../seen-panes.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { isUnknownKey } from './server-trust.ts';
import { clipText, foreign, plain, readable, span, wrapProse } from './text.ts';
import { toEnvironmentWord, toTimeOfDay } from './words.ts';

/** The tabs of one pane; the first is its stream. */
export interface PaneTabs {
  readonly shells: readonly ShellView[];
  /** Id of the shell in sight; null: the stream. */
  readonly shown: string | null;
  /** What happened in the stream while a shell was in front of it. */
  readonly mark?: PaneMark | null;
}

const titleColumnsMax = 24;
const shownTitleColumnsMax = 40;

/** Nothing while there is no shell. The tab in sight stands in brackets; shells of one title are told apart by when they were opened. */
export function toTabs({ shells, shown, mark = null }: PaneTabs, page: Page): readonly Span[] {
  if (shells.length === 0) return [];
  const tabs: Span[] = [span(' ')];
  const add = (label: string, isShown: boolean, token: Token): void => {
    tabs.push(isShown ? span(`[${label}]`, token, { bold: true }) : span(` ${label} `, 'muted'));
  };
  add('0 commands', shown === null, 'text');
  if (mark !== null) tabs.push(toStreamMark(mark, page), span(' '));
  shells.forEach((shell, index) => {
    const isShown = shell.id === shown;
    const title = shell.title === '' ? 'shell' : readable(shell.title);
    const columns = isShown ? shownTitleColumnsMax : titleColumnsMax;
    const state = shell.state === 'open' ? '' : ` (${shell.state})`;
    const isTwice = shells.some((other) => other !== shell && other.title === shell.title);
    const since = isTwice ? ` ${toTimeOfDay(shell.startedAtMs)}` : '';
    const label = `${index + 1} ${clipText(title, columns, page.glyphs.ellipsis)}${since}${state}`;
    add(label, isShown, shell.state === 'ended' ? 'danger' : 'text');
  });
  return tabs;
}

function toStreamMark(mark: PaneMark, { glyphs }: Page): Span {
  return mark === 'failed'
    ? span(`${glyphs.failed} command failed`, 'danger', { bold: true })
    : span(`${glyphs.bullet} new output`, 'accent', { bold: true });
}

export interface ShellNotes {
  readonly server: ServerView | null;
  readonly shell: ShellView;
  /** Servers of all shells that are typed into at once, this one included; empty: it is typed into alone. */
  readonly together: readonly string[];
  /** Cells that it has on this screen. */
  readonly columns: number;
  readonly rows: number;
  /** Rows that are scrolled back. */
  readonly back: number;
}

/** For the lower border; the most important first. */
export function toShellNotes(notes: ShellNotes): StyledLine {
  const line: Span[] = [];
  const { server, shell, together, columns, rows, back } = notes;
  if (together.length > 0)
    line.push(span(` ${foreign(toTogether(together))} `, 'danger', { bold: true, inverse: true }), span(' '));
  if (server?.environment === 'production')
    line.push(span(` ${toEnvironmentWord(server)} `, 'production', { bold: true, inverse: true }), span(' '));
  if (back > 0) line.push(span(` ${back} rows scrolled back, a key goes to the end `, 'warn'));
  // Alone, this screen has asked for its own size, and gets it in a moment.
  if (shell.state === 'open' && shell.watchers > 1 && (shell.columns !== columns || shell.rows !== rows)) {
    const isCut = shell.columns > columns || shell.rows > rows;
    const size = ` ${shell.columns}x${shell.rows} on another screen${isCut ? ', cut here' : ''} `;
    line.push(span(size, 'muted'));
  }
  return line;
}

/** "typing into 2 shells: web-1, web-2" */
export function toTogether(servers: readonly string[]): string {
  return `typing into ${servers.length} shells: ${servers.join(', ')}`;
}

/** A shell that is not there yet, or not any more. `isKeyInQuestion`: nobody has trusted the server's host key yet. */
export function toShellState(shell: ShellView, page: Page, isKeyInQuestion: boolean): readonly StyledLine[] {
  if (shell.state === 'opening')
    return [plain(`${page.glyphs.running} Opening a shell on ${foreign(shell.server)}.`, 'accent')];
  if (shell.state === 'open') return [];
  const wasKeyInQuestion = isUnknownKey(shell.problem ?? '');
  const problem =
    wasKeyInQuestion && !isKeyInQuestion
      ? 'It was not opened, since its host key was not trusted then.'
      : withoutTrustCommand(shell.problem ?? 'The shell has ended.');
  const failed = plain(`${page.glyphs.failed} `, 'danger');
  const trust = [span(keyWord('endedShell', 'trustKey'), 'key'), span(' shows the key and asks whether you trust it.')];
  return [
    ...wrapProse(problem, 'danger', page.columns, failed, plain('  ')),
    ...(wasKeyInQuestion && isKeyInQuestion ? [trust] : []),
    [
      span(keyWord('endedShell', 'reopenShell'), 'key'),
      span(' opens another one here, '),
      span(keyWord('endedShell', 'closeShell'), 'key'),
      span(' closes this tab.'),
    ],
  ];
}
