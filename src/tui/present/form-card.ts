/**
 * A question of an agent about itself, as it waits: who asks, what, the fields to come or the page to open. Pure; it opens nothing.
 */
import type { FormView } from '../../protocol/view.ts';
import type { QueueEntry } from '../queue.ts';
import type { StyledLine } from '../styled.ts';
import type { Page } from './page.ts';
import { emptyLine, exactLines, foreign, plain, span, wrap, wrapExact } from './text.ts';

export type FormEntry = Extract<QueueEntry, { kind: 'form' }>;
export type FieldView = FormView['fields'][number];

/** Every line of the question; nothing is cut. */
export function toFormCardLines(entry: FormEntry, page: Page): readonly StyledLine[] {
  const { card } = entry;
  const lines: StyledLine[] = [
    ...wrap([span(toWhoAsks(entry), 'title', { bold: true })], page.columns),
    ...exactLines(card.message).flatMap((line) => wrapExact(span(line), page.columns)),
    emptyLine,
  ];
  if (card.url !== null) {
    for (const line of toPageLines(card.url)) {
      const code = line.at(-1);
      const isAddress = code?.token === 'code';
      lines.push(...(isAddress ? wrapExact(code, page.columns) : wrap(line, page.columns)));
    }
  }
  for (const field of card.fields) {
    const mark = field.required ? 'required' : 'may stay empty';
    lines.push(...wrapExact(span(foreign(field.title), 'text', { bold: true }), page.columns, plain('  ')));
    for (const hint of [mark, ...toHints(field)])
      lines.push(...wrap([span(hint, 'muted')], page.columns, plain('    ')));
  }
  lines.push(emptyLine, ...wrap([span(toGrantNote(), 'muted')], page.columns));
  return lines;
}

/** "opencode asks you (Check the disks):" */
export function toWhoAsks({ session }: FormEntry): string {
  return `${foreign(session.agent)} asks you, in the session "${foreign(session.title)}":`;
}

/** What the operator may trust it with: it comes from the agent, whatever it says it is. */
export function toGrantNote(): string {
  return 'The agent wrote this question and reads the answer. It grants nothing on a server. Give it no password of a server.';
}

/** The address in full, and whose it is: a name that looks like another is shown as it is looked up. */
export function toPageLines(url: string): readonly StyledLine[] {
  const host = URL.canParse(url) ? new URL(url).host : '';
  return [
    plain('It asks you to open this page yourself, in a browser; signalbox opens none:'),
    plain(foreign(url), 'code'),
    [span('its site is ', 'muted'), span(foreign(host) || 'not readable', 'warn', { bold: true })],
    emptyLine,
  ];
}

const kindHints: Readonly<Record<FieldView['kind'], string | null>> = {
  text: null,
  number: 'a number',
  integer: 'a whole number',
  switch: 'yes or no',
  choice: 'one of its choices',
  choices: 'any number of its choices',
};

/** Its description, then its kind and bounds, escaped; at most two lines. */
export function toHints(field: FieldView): readonly string[] {
  const bounds = [kindHints[field.kind], field.hint].filter((hint) => hint !== null).join(', ');
  return [field.description ?? '', bounds].filter((hint) => hint !== '').map(foreign);
}
