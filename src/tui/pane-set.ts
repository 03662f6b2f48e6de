/**
 * Which server panes the workspace has, in which order: from the session, the host's view and what the operator arranged. Pure.
 */
import type { View } from '../protocol/view.ts';
import { type Placement, toOrdered } from './placement.ts';

export interface PaneSet {
  /** In their order, without those that are hidden. */
  readonly panes: readonly string[];
  readonly hidden: readonly string[];
}

/**
 * The session's servers, those with a shell, then the one that was asked for in the Servers view. Without a session, or with one that names no server, every
 * server where something happened. In the scope `all` the other registered servers follow.
 */
export function toPaneSet(view: View, own: readonly string[], visited: string | null, placement: Placement): PaneSet {
  const first = own.length > 0 ? own : Object.keys(view.panes);
  const withShells = Object.values(view.shells).map(({ server }) => server);
  const isKnown = visited !== null && (Object.hasOwn(view.servers, visited) || Object.hasOwn(view.panes, visited));
  const others = placement.scope === 'all' ? [...Object.keys(view.panes), ...Object.keys(view.servers)] : [];
  const available = [...new Set([...first, ...withShells, ...(isKnown ? [visited] : []), ...others])];
  const hidden = new Set(placement.hidden);
  const ordered = toOrdered(available, placement.order);
  return {
    panes: ordered.filter((server) => !hidden.has(server)),
    hidden: ordered.filter((server) => hidden.has(server)),
  };
}
