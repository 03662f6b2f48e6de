/** An approval card as lines: everything a person must see, escaped and wrapped, nothing truncated. Pure; it knows no colours, keys or clocks. */
import type { Charset } from '../base/display/wrap.ts';
import { addCommand } from './card-command.ts';
import { addRead, addSides, addWrite } from './card-file.ts';
import { CardPage } from './card-page.ts';
import type { CardView } from './view.ts';

export type CardRole =
  | 'heading'
  | 'label'
  | 'value'
  | 'diff-add'
  | 'diff-remove'
  | 'diff-hunk'
  | 'diff-context'
  | 'warn'
  | 'danger'
  | 'muted';

export interface CardLine {
  readonly text: string;
  readonly role: CardRole;
}

/** The narrowest card; a screen with less room shows fewer things beside it, never a narrower card. */
export const cardColumnsMin = 32;

/**
 * The lines of a card, each at most `columns` cells (never fewer than `cardColumnsMin`). Two cards that differ in anything a
 * person must see have different lines. With the `ascii` charset the lines are printable ASCII.
 */
export function cardLines(card: CardView, columns: number, charset: Charset = 'unicode'): readonly CardLine[] {
  const page = new CardPage(Math.max(columns, cardColumnsMin), charset);
  page.heading(`${titleOf(card)} on ${card.server.id}`);
  addEnvironment(page, card);
  addSubject(page, card);
  page.sentence('Policy', card.reason, 'warn');
  page.exact('Rule', card.rule, card.floor ? 'warn' : 'value');
  // Reads of databases, clusters and clouds can be lifted, word by word and for a time.
  if (card.floor && card.rule !== 'floor.middleware') page.note('No rule can lift this question.', 'muted');
  addParties(page, card);
  if (card.subject.kind === 'write') addSides(page, card.subject);
  return page.lines;
}

function addEnvironment(page: CardPage, { server }: CardView): void {
  const isProduction = server.environment === 'production';
  page.exact('Environment', isProduction ? 'PRODUCTION' : server.environment, isProduction ? 'danger' : 'value');
  if (server.environmentAssumed) page.note('Its record names no environment, so it counts as production.', 'warn');
}

/** Who asks, and which machine is meant exactly. */
function addParties(page: CardPage, card: CardView): void {
  page.prose('Asked by', card.who);
  if (card.session !== null) page.exact('Session', card.session, 'muted');
  if (card.isolation !== null) {
    page.exact('Isolation', card.isolation, card.isolation === 'NOT CONTAINED' ? 'danger' : 'value');
  }
  page.exact('Server', `${card.server.id} (${card.server.address})`);
  if (card.server.shadowsGlobal)
    page.note('A record of the workspace, which hides your global one of this name.', 'warn');
  page.exact('Host key', card.hostKey ?? 'checked when it connects, which it has not yet', 'muted');
}

function addSubject(page: CardPage, card: CardView): void {
  switch (card.subject.kind) {
    case 'command':
      addCommand(page, card.subject);
      return;
    case 'write':
      addWrite(page, card.subject);
      return;
    case 'read':
      addRead(page, card.subject);
  }
}

function titleOf(card: CardView): string {
  switch (card.subject.kind) {
    case 'command':
      return 'Run a command';
    case 'write':
      if (card.subject.rollsBack !== undefined) return 'Roll a file back';
      return card.subject.beforeBytes === null ? 'Create a file' : 'Change a file';
    case 'read':
      return 'Read a file';
  }
}
