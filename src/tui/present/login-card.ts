/**
 * What a login waits for from a person: for which server, what, and what the server says beside it. Pure; it asks nothing.
 */
import { escapeExact } from '../../base/display/escape.ts';
import { toLoginPlace } from '../../protocol/login-view.ts';
import type { QueueEntry } from '../queue.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { emptyLine, exactLines, foreign, plain, span, wrap, wrapExact } from './text.ts';
import { toEnvironmentToken, toEnvironmentWord } from './words.ts';

export type LoginEntry = Extract<QueueEntry, { kind: 'login' }>;

/** Every line of it; nothing is cut. */
export function toLoginCardLines(entry: LoginEntry, page: Page): readonly StyledLine[] {
  const { prompts } = entry.card;
  const lines = toLoginIntro(entry).flatMap((line) => wrapExactIfCode(line, page.columns));
  const fields = prompts.flatMap(({ label, echo }) => {
    const hint = echo === 'hidden' ? 'typed unseen' : 'typed in sight';
    return [
      ...wrapExact(span(foreign(label.trim()), 'text', { bold: true }), page.columns, plain('  ')),
      ...wrap([span(hint, 'muted')], page.columns, plain('    ')),
    ];
  });
  const end = prompts.length === 0 ? 'It goes on by itself once that is done.' : toKeptNote(entry);
  return [...lines, ...fields, emptyLine, ...wrap([span(end, 'muted')], page.columns)];
}

/** Whose login, what it needs, and what is said beside it; also above the fields of its dialog. */
export function toLoginIntro({ card, server }: LoginEntry): readonly StyledLine[] {
  const word = server === null ? [] : [span('  '), toEnvironment(server)];
  const address = server === null ? [] : [plain(foreign(server.address), 'muted')];
  const note = card.isNoteOurs
    ? [plain(card.note ?? '')]
    : exactLines(card.note ?? '').map((line) => plain(line, 'code'));
  const who =
    card.server === null
      ? []
      : [[span('The login to '), span(foreign(toLoginPlace(card.server)), 'title', { bold: true }), ...word]];
  return [
    ...who,
    ...address,
    plain(`${card.server === null ? 'This needs' : 'needs'} ${foreign(card.what)}.`),
    ...(card.note === null ? [] : note),
    ...toCommandLines(card.command),
    emptyLine,
  ];
}

/** Character for character: two commands never look the same. */
function toCommandLines(command: string | undefined): readonly StyledLine[] {
  return command === undefined ? [] : [emptyLine, plain(escapeExact(command), 'code')];
}

/** What becomes of the answer. */
export function toKeptNote({ card }: LoginEntry): string {
  if (card.command !== undefined) return 'No agent sees it or can answer. It is asked anew when the command changes.';
  return card.prompts.some(({ echo }) => echo === 'hidden')
    ? 'No agent sees the answer, and it is in no log.'
    : 'No agent sees the answer.';
}

function toEnvironment(server: NonNullable<LoginEntry['server']>) {
  return span(` ${toEnvironmentWord(server)} `, toEnvironmentToken(server.environment), { inverse: true });
}

function wrapExactIfCode(line: StyledLine, columns: number): readonly StyledLine[] {
  const [only] = line;
  return line.length === 1 && only?.token === 'code' ? wrapExact(only, columns) : wrap(line, columns);
}
