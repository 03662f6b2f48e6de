/** Says in one line what waits for the operator. It names who asks and where, and no command or path: notifications are shown on locked screens. */
import { escapeProse } from '../base/display/escape.ts';
import { toLoginPlace } from './login-view.ts';
import type { View } from './view.ts';
import { isBlocking, listWaiting } from './waiting.ts';

/** Longer texts are cut by every desktop; what is cut is on the screen in full. */
const charactersMax = 160;
const serversNamedMax = 3;

/** How many questions keep an agent waiting: cards of the gate, questions about its own tools, and forms. */
export function countWaiting(view: View): number {
  return listWaiting(view).filter(isBlocking).length;
}

/** Printable ASCII, bounded; null when nothing waits. */
export function toWaitingText(view: View): string | null {
  const waiting = countWaiting(view);
  if (waiting === 0) return null;
  const [card] = view.approvals;
  if (waiting === 1 && card)
    return toBounded(`1 request waits for you: ${card.tool} on ${card.server.id}, by ${card.who}`);
  const [login] = view.logins;
  if (waiting === 1 && login)
    return toBounded(
      login.server === null ? 'signalbox waits for you' : `The login to ${toLoginPlace(login.server)} waits for you`,
    );
  const about = [...view.approvals.map(({ server }) => server.id), ...view.logins.map(({ server }) => server)];
  const servers = [...new Set(about.filter((server) => server !== null))];
  const named = servers.slice(0, serversNamedMax).join(', ');
  const where = servers.length === 0 ? '' : ` on ${named}${servers.length > serversNamedMax ? ' and more' : ''}`;
  return toBounded(`${waiting} ${waiting === 1 ? 'request waits' : 'requests wait'} for you${where}`);
}

function toBounded(text: string): string {
  const safe = escapeProse(text, 'ascii');
  return safe.length <= charactersMax ? safe : `${safe.slice(0, charactersMax - 3)}...`;
}
