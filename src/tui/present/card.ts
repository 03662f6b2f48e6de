/**
 * The frame around an approval card: its title, how much of it was shown, the row in the queue, questions about local tools, and why the
 * policy stopped it. The card itself is laid out by protocol/card, the same for every client. Pure.
 */
import { cardLines } from '../../protocol/card.ts';
import { isProduction, type QueueEntry } from '../queue.ts';
import type { Span, StyledLine } from '../styled.ts';
import { toCardToken } from './card-roles.ts';
import { toDiffLines } from './diff.ts';
import { asciiGlyphs, type Page } from './page.ts';
import { cell, clip, emptyLine, foreign, foreignLines, plain, span, wrap } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord, toIsolationToken, toSpan } from './words.ts';

export type CardShows = 'card' | 'diff';
export type CardMark = 'marked' | 'unmarked';

/** Every line of the card; nothing is cut. */
export function toCardBody(entry: QueueEntry, shows: CardShows, page: Page): readonly StyledLine[] {
  if (entry.kind === 'local') return toLocalLines(entry, page);
  const { subject } = entry.card;
  if (shows === 'diff' && subject.kind === 'write' && subject.diff !== null) return toDiffLines(subject.diff, page);
  const charset = page.glyphs === asciiGlyphs ? 'ascii' : 'unicode';
  return cardLines(entry.card, page.columns, charset).map((line) => [span(line.text, toCardToken(line.role))]);
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
    ...wrap([span(foreign(card.title), 'title', { bold: true })], page.columns),
    ...foreignLines(card.detail).flatMap((line) => wrap([span(line)], page.columns)),
    emptyLine,
    ...wrap([span('asked by ', 'muted'), span(`${foreign(session.agent)}, ${foreign(session.title)}`)], page.columns),
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
  const title: Span[] = [span(` ${page.glyphs.waiting} Approval ${position} of ${count} `, 'warn', { bold: true })];
  if (mark === 'marked') title.push(span(`${page.glyphs.marked} marked `, 'accent'));
  if (entry.kind === 'local') title.push(span('LOCAL ', 'danger', { bold: true }));
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
  if (shows === 'diff') lines.push(span(' v ', 'key'), span('shows the whole card ', 'muted'));
  const expires = entry.kind === 'gate' ? entry.card.expiresAtMs : null;
  if (expires !== null) lines.push(span(` expires in ${toSpan(expires - page.nowMs)} `, 'muted'));
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
  const { card } = entry;
  const word = toEnvironmentWord(card.server);
  const line = [
    box,
    span(`${cell(foreign(card.server.id), 14, glyphs.ellipsis)} `, 'title', { bold: true }),
    span(`${cell(word, 12, glyphs.ellipsis)} `, toEnvironmentToken(card.server.environment)),
    span(`${card.tool.replace(/^remote_/, '')} `, 'accent'),
    span(toSubject(entry)),
    span(`  ${foreign(card.who)}, ${toSpan(page.nowMs - card.createdAtMs)}`, 'muted'),
  ];
  return clip(line, page.columns, glyphs.ellipsis);
}

/** The operation on one line. */
export function toSubject(entry: QueueEntry): string {
  if (entry.kind === 'local') return foreign(entry.card.title);
  const { subject } = entry.card;
  if (subject.kind !== 'command') return foreign(subject.path);
  return foreign(subject.line ?? subject.argv?.join(' ') ?? '');
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

/** What stands in place of a dialog whose request was answered elsewhere; `end` says how. */
export function toOutdatedLines(end: string, page: Page): readonly StyledLine[] {
  return [
    ...wrap([span(end, 'warn')], page.columns),
    emptyLine,
    ...wrap([span('This request waits no longer, so nothing was sent from here.', 'muted')], page.columns),
  ];
}

/** Which rule stopped it, why, part by part for a compound command, and what could be changed. */
export function toExplainLines(entry: QueueEntry, page: Page): readonly StyledLine[] {
  if (entry.kind === 'local') return toLocalLines(entry, page);
  const { card } = entry;
  const field = (name: string, value: string): readonly StyledLine[] =>
    wrap([span(value)], page.columns, plain(cell(name, 12), 'muted'), plain(' '.repeat(12)));
  const lines: StyledLine[] = [
    ...field('operation', toOperation(entry)),
    ...field('reason', foreign(card.reason)),
    ...field('rule', foreign(card.rule)),
    emptyLine,
    ...wrap(
      [
        span(
          card.floor && card.rule !== 'floor.middleware'
            ? 'This is part of the hard floor: no rule can allow it without asking.'
            : 'A rule of yours in policy.json may allow it: + shows which, and what each would have done so far.',
          'muted',
        ),
      ],
      page.columns,
    ),
  ];
  if (card.subject.kind !== 'command' || card.subject.parts.length === 0) return lines;
  lines.push(emptyLine, plain('Part by part', 'title', { bold: true }));
  for (const part of card.subject.parts) {
    lines.push(...wrap([span(foreign(part.text), 'code')], page.columns, plain('  ')));
    lines.push(...wrap([span(`${part.outcome}: ${foreign(part.reason)}`, 'muted')], page.columns, plain('    ')));
  }
  return lines;
}
