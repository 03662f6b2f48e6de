/** The one function that turns an event into the next view; the host and every client apply it, so they cannot differ. Pure, shares what did not change. */
import { unreachable } from '../base/assert.ts';
import { bounds } from './bounds.ts';
import type { HostEvent } from './events.ts';
import { addBlock, appendOutput, changeBlock } from './reduce-pane.ts';
import { addItem, appendToItem, replaceItem } from './reduce-session.ts';
import type { HostView, SessionView, View } from './view.ts';

/** Applies one event. Events about unknown sessions, blocks or cards change nothing: what they belong to was dropped by a bound. */
export function reduce(view: View, event: HostEvent): View {
  switch (event.type) {
    case 'server.changed':
      return { ...view, servers: { ...view.servers, [event.server.id]: event.server } };
    case 'servers.replaced':
      return { ...view, servers: event.servers };
    case 'session.added':
    case 'session.changed':
    case 'session.removed':
    case 'item.added':
    case 'item.appended':
    case 'item.replaced':
      return reduceSessions(view, event);
    case 'block.added':
      return withPanes(view, addBlock(view.panes, event.server, event.block));
    case 'block.changed':
      return withPanes(view, changeBlock(view.panes, event.server, event.block, event.change));
    case 'block.output':
      return withPanes(view, appendOutput(view.panes, event));
    case 'shell.added':
    case 'shell.changed':
    case 'shell.removed':
      return reduceShells(view, event);
    case 'approval.added':
      return { ...view, approvals: [...view.approvals.filter((card) => card.id !== event.card.id), event.card] };
    case 'approval.removed':
      return { ...view, approvals: without(view.approvals, (card) => card.id === event.id) };
    case 'logins.replaced':
      return { ...view, logins: event.logins };
    case 'durables.replaced':
      return { ...view, durables: event.durables };
    case 'openItem.added': {
      const others = view.openItems.filter((item) => item.auditId !== event.item.auditId);
      return { ...view, openItems: [...others, event.item].slice(-bounds.openItemsMax) };
    }
    case 'openItem.removed':
      return { ...view, openItems: without(view.openItems, (item) => item.auditId === event.auditId) };
    case 'agents.replaced':
      return { ...view, agents: event.agents };
    case 'audit.grown':
      return view.auditRows === event.rows ? view : { ...view, auditRows: event.rows };
    case 'notice.added':
      return { ...view, notices: [...view.notices, event.notice].slice(-bounds.noticesMax) };
    default:
      return unreachable(event);
  }
}

/** The view of a host to which nothing has happened yet. */
export function toEmptyView(host: HostView): View {
  return {
    host,
    servers: {},
    sessions: {},
    panes: {},
    shells: {},
    approvals: [],
    logins: [],
    durables: [],
    openItems: [],
    agents: [],
    auditRows: 0,
    notices: [],
  };
}

type SessionEvent = Extract<
  HostEvent,
  { type: 'session.added' | 'session.changed' | 'session.removed' | 'item.added' | 'item.appended' | 'item.replaced' }
>;

function reduceSessions(view: View, event: SessionEvent): View {
  if (event.type === 'session.added') return withSession(view, event.session);
  const id = event.type === 'session.changed' || event.type === 'session.removed' ? event.id : event.session;
  const session = Object.hasOwn(view.sessions, id) ? view.sessions[id] : undefined;
  if (!session) return view;
  switch (event.type) {
    case 'session.changed':
      return withSession(view, { ...session, ...event.change });
    case 'session.removed': {
      const { [id]: _removed, ...others } = view.sessions;
      return { ...view, sessions: others };
    }
    case 'item.added':
      return withSession(view, addItem(session, event.item));
    case 'item.appended':
      return withSession(view, appendToItem(session, event.item, event.text));
    case 'item.replaced':
      return withSession(view, replaceItem(session, event.item));
    default:
      return unreachable(event);
  }
}

function withSession(view: View, session: SessionView): View {
  if (view.sessions[session.id] === session) return view;
  return { ...view, sessions: { ...view.sessions, [session.id]: session } };
}

type ShellEvent = Extract<HostEvent, { type: 'shell.added' | 'shell.changed' | 'shell.removed' }>;

function reduceShells(view: View, event: ShellEvent): View {
  if (event.type === 'shell.added') return { ...view, shells: { ...view.shells, [event.shell.id]: event.shell } };
  const shell = Object.hasOwn(view.shells, event.id) ? view.shells[event.id] : undefined;
  if (!shell) return view;
  if (event.type === 'shell.changed')
    return { ...view, shells: { ...view.shells, [event.id]: { ...shell, ...event.change } } };
  const { [event.id]: _removed, ...others } = view.shells;
  return { ...view, shells: others };
}

function withPanes(view: View, panes: View['panes']): View {
  return panes === view.panes ? view : { ...view, panes };
}

function without<T>(list: readonly T[], isGone: (entry: T) => boolean): readonly T[] {
  return list.some(isGone) ? list.filter((entry) => !isGone(entry)) : list;
}
