/**
 * The frame around an approval card: its title, how much of it was shown, the row in the queue, questions about local tools, and why the
 * policy stopped it. The card itself is laid out by protocol/card, the same for every client. Pure.
 */

import { cardColumnsMin, cardLines } from '../../protocol/card.ts';
import { toLoginPlace } from '../../protocol/login-view.ts';
import { keyWord } from '../key-words.ts';
import { isProduction, isQuestion, type QueueEntry } from '../queue.ts';
import type { Span, StyledLine } from '../styled.ts';
import { toCardToken } from './card-roles.ts';
import { toDiffLines, toRowLines } from './diff.ts';
import { type DiffLayout, toBesideLines } from './diff-beside.ts';
import { toDiffRows } from './diff-rows.ts';
import { toFormCardLines } from './form-card.ts';
import { toLoginCardLines } from './login-card.ts';
import { asciiGlyphs, type Page } from './page.ts';
import type { CodeColours } from './prose.ts';
import { type DiffColours, withColours } from './row-colours.ts';
import type { HostPresence } from './session-state.ts';
import { cell, clip, columnsOf, emptyLine, exactLines, foreign, plain, span, wrap, wrapExact } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toIsolationToken, toSpan } from './words.ts';

export type CardShows = 'card' | 'diff';
export type CardMark = 'marked' | 'unmarked';

/** Every line of the card; nothing is cut. */
export function toCardBody(
  entry: QueueEntry,
  shows: CardShows,
  page: Page,
  layout: DiffLayout = 'unified',
  toColours: CodeColours = () => null,
): readonly StyledLine[] {
  if (entry.kind === 'local') return toLocalLines(entry, page);
  if (entry.kind === 'form') return toFormCardLines(entry, page);
  if (entry.kind === 'login') return toLoginCardLines(entry, page);
  const { subject } = entry.card;
  const diff = subject.kind === 'write' ? subject.diff : null;
  const colours = subject.kind === 'write' ? { path: subject.realPath, toColours } : null;
  if (shows === 'diff' && diff !== null)
    return layout === 'beside' ? toBesideLines(diff, page, colours) : toDiffLines(diff, page, colours);
  // The card as it is for every client, with the same difference in its place: below the only label that stands alone.
  const card =
    subject.kind === 'write' && diff !== null ? { ...entry.card, subject: { ...subject, diff: '' } } : entry.card;
  const rows = cardLines(card, page.columns, page.glyphs === asciiGlyphs ? 'ascii' : 'unicode');
  const lines = rows.map((row) => [span(row.text, toCardToken(row.role))]);
  if (diff === null) return lines;
  const at = rows.findLastIndex(({ role }) => role === 'label') + 1;
  const shown = layout === 'beside' ? toBesideLines(diff, page, colours) : toInsetLines(diff, page.columns, colours);
  return [...lines.slice(0, at), ...shown, ...lines.slice(at)];
}

/** As protocol/card lays it out, with what changed within a line underlined. */
function toInsetLines(diff: string, columns: number, colours: DiffColours | null): readonly StyledLine[] {
  return withColours(toDiffRows(diff), colours)
    .flatMap((row) => toRowLines(row, Math.max(columns, cardColumnsMin) - 2))
    .map((line) => [span('  '), ...line]);
}

function toLocalLines(entry: Extract<QueueEntry, { kind: 'local' }>, page: Page): readonly StyledLine[] {
  const { card, session } = entry;
  const isolation = session.isolation;
  const lines: StyledLine[] = [
    ...wrap(
      [
        span('LOCAL', 'danger', { bold: true, inverse: true }),
        span(' This would run on this machine, not on a server, and not through the gate.', 'danger'),
      ],
      page.columns,
    ),
    emptyLine,
    // It is decided upon like any other card: no blank is dropped, and what goes on in the next line says so.
    ...wrapExact(span(foreign(card.title), 'title', { bold: true }), page.columns),
    ...exactLines(card.detail).flatMap((line) => wrapExact(span(line), page.columns)),
    emptyLine,
    ...wrapExact(span(foreign(`${session.agent}, ${session.title}`)), page.columns, plain('asked by ', 'muted')),
    ...wrap(
      [
        span('containment ', 'muted'),
        span(isolation.state, toIsolationToken(isolation.state)),
        span(`: ${foreign(isolation.reason)}`),
      ],
      page.columns,
    ),
  ];
  if (card.unexpected) {
    lines.push(
      emptyLine,
      ...wrap(
        [span("This agent's profile says it has no such tool. Deny it unless you know why it asks.", 'danger')],
        page.columns,
      ),
    );
  }
  return lines;
}

export interface CardPlace {
  readonly position: number;
  readonly count: number;
  readonly mark: CardMark;
}

/** Which card of how many, for which server, and whether it is all of it. */
export function toCardTitle(entry: QueueEntry, place: CardPlace, shows: CardShows, page: Page): StyledLine {
  const { position, count, mark } = place;
  const what = isQuestion(entry) ? 'Question' : 'Approval';
  const title: Span[] = [span(` ${page.glyphs.waiting} ${what} ${position} of ${count} `, 'warn', { bold: true })];
  if (mark === 'marked') title.push(span(`${page.glyphs.marked} marked `, 'accent'));
  if (entry.kind === 'local') title.push(span('LOCAL ', 'danger', { bold: true }));
  else if (entry.kind === 'form') title.push(span(`of ${foreign(entry.session.agent)} `, 'title'));
  else if (entry.kind === 'login') title.push(span(`${foreign(toLoginWords(entry.card.server))} `, 'title'));
  else {
    const { server } = entry.card;
    const word = toEnvironmentWord(server);
    title.push(span(`${foreign(server.id)} `, 'title', { bold: true }));
    title.push(
      span(
        isProduction(entry) ? ` ${word} ` : word,
        toEnvironmentToken(server.environment),
        isProduction(entry) ? { inverse: true } : {},
      ),
    );
    title.push(span(' '));
  }
  if (shows === 'diff') title.push(span(`${page.glyphs.separator} only the diff `, 'accent'));
  return clip(title, page.columns, page.glyphs.ellipsis);
}

export interface CardProgress {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Absent: it is there. A lost host withdraws what waited. */
  readonly host?: HostPresence;
}

/** What of the card is on the screen, how to get back to all of it, and when it expires. */
export function toCardNote(entry: QueueEntry, progress: CardProgress, shows: CardShows, page: Page): StyledLine {
  const { from, to, count } = progress;
  const isEnd = to >= count;
  const lines: Span[] =
    from === 0 && isEnd
      ? []
      : [
          span(` lines ${from + 1}-${to} of ${count} ${page.glyphs.separator} `, 'muted'),
          span(isEnd ? 'end ' : 'more below ', isEnd ? 'muted' : 'warn'),
        ];
  if (shows === 'diff')
    lines.push(span(` ${keyWord('card', 'toggleDiff')} `, 'key'), span('shows the whole card ', 'muted'));
  const expires = entry.kind === 'gate' || entry.kind === 'login' ? entry.card.expiresAtMs : null;
  if (progress.host === 'lost') lines.push(span(' as last seen: the host is lost ', 'danger'));
  else if (expires !== null) lines.push(span(` expires in ${toSpan(expires - page.nowMs)} `, 'muted'));
  return clip(lines, page.columns, page.glyphs.ellipsis);
}

export function toQueueRow(entry: QueueEntry, mark: CardMark, page: Page): StyledLine {
  const { glyphs } = page;
  const box = span(` ${glyphs[mark]} `, mark === 'marked' ? 'accent' : 'muted');
  if (entry.kind === 'local') {
    const line = [
      box,
      span('LOCAL  ', 'danger', { bold: true }),
      span(foreign(entry.card.title)),
      span(`  ${foreign(entry.session.agent)}`, 'muted'),
    ];
    return clip(line, page.columns, glyphs.ellipsis);
  }
  if (entry.kind === 'form' || entry.kind === 'login') {
    const who = entry.kind === 'form' ? entry.session.agent : toLoginWords(entry.card.server);
    const line = [
      ...[span(' '.repeat(2 + columnsOf([span(glyphs.unmarked)]))), span('QUESTION ', 'accent', { bold: true })],
      ...[span(toSubject(entry)), span(`  ${foreign(who)}`, 'muted')],
    ];
    return clip(line, page.columns, glyphs.ellipsis);
  }
  const { card } = entry;
  const word = toEnvironmentWord(card.server);
  const line = [
    box,
    span(`${cell(foreign(card.server.id), 14, glyphs.ellipsis)} `, 'title', { bold: true }),
    span(`${cell(word, 12, glyphs.ellipsis)} `, toEnvironmentToken(card.server.environment)),
    span(`${foreign(card.tool.replace(/^remote_/, ''))} `, 'accent'),
    span(toSubject(entry)),
    span(`  ${foreign(card.who)}, ${toSpan(page.nowMs - card.createdAtMs)}`, 'muted'),
  ];
  return clip(line, page.columns, glyphs.ellipsis);
}

/** The operation on one line. */
export function toSubject(entry: QueueEntry): string {
  return foreign(toForeignSubject(entry));
}

/** The same as it came, for what escapes by itself. */
export function toForeignSubject(entry: QueueEntry): string {
  if (entry.kind === 'local') return entry.card.title;
  if (entry.kind === 'form') return entry.card.message;
  if (entry.kind === 'login') return entry.card.what;
  const { subject } = entry.card;
  if (subject.kind !== 'command') return subject.path;
  return subject.line ?? subject.argv?.join(' ') ?? '';
}

/** What would be done, with its verb. */
function toOperation(entry: Extract<QueueEntry, { kind: 'gate' }>): string {
  const { subject } = entry.card;
  const what = toSubject(entry);
  switch (subject.kind) {
    case 'command':
      return `run ${what}`;
    case 'read':
      return `read ${what}`;
    case 'write':
      if (subject.rollsBack !== undefined) return `roll back ${what}`;
      return `${subject.beforeBytes === null ? 'create' : 'change'} ${what}`;
  }
}

/** What stands in place of a dialog whose request was answered elsewhere; `end` says how, `kept` where what was written in it is. */
export function toOutdatedLines(end: string, kept: readonly string[], page: Page): readonly StyledLine[] {
  return [
    ...wrap([span(foreign(end), 'warn')], page.columns),
    emptyLine,
    ...wrap([span('This request waits no longer, so nothing was sent from here.', 'muted')], page.columns),
    ...kept.flatMap((sentence) => [emptyLine, ...wrap([span(foreign(sentence))], page.columns)]),
  ];
}

/** Which rule stopped it, why, part by part for a compound command, and what could be changed. */
export function toExplainLines(entry: QueueEntry, page: Page): readonly StyledLine[] {
  if (entry.kind !== 'gate') return toCardBody(entry, 'card', page);
  const { card } = entry;
  const field = (name: string, value: string, lay: 'exact' | 'words'): readonly StyledLine[] => {
    const [first, rest] = [plain(cell(name, 12), 'muted'), plain(' '.repeat(12))];
    return lay === 'exact'
      ? wrapExact(span(value), page.columns, first, rest)
      : wrap([span(value)], page.columns, first, rest);
  };
  const lines: StyledLine[] = [
    ...field('operation', toOperation(entry), 'exact'),
    ...field('reason', foreign(card.reason), 'words'),
    ...field('rule', foreign(card.rule), 'exact'),
    emptyLine,
    ...wrap(
      [
        span(
          card.floor && card.rule !== 'floor.middleware'
            ? 'This is part of the hard floor: no rule can allow it without asking.'
            : `A rule of yours in policy.json may allow it: ${keyWord('card', 'makeRule')} shows which, and what each would have done so far.`,
          'muted',
        ),
      ],
      page.columns,
    ),
  ];
  if (card.subject.kind !== 'command' || card.subject.parts.length === 0) return lines;
  lines.push(emptyLine, plain('Part by part', 'title', { bold: true }));
  for (const part of card.subject.parts) {
    lines.push(...wrapExact(span(foreign(part.text), 'code'), page.columns, plain('  ')));
    lines.push(...wrap([span(`${part.outcome}: ${foreign(part.reason)}`, 'muted')], page.columns, plain('    ')));
  }
  return lines;
}

function toLoginWords(server: string | null): string {
  return server === null ? 'of signalbox' : `login to ${toLoginPlace(server)}`;
}
