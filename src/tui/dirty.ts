/**
 * Which regions a change of the host's view touches, so that only they are painted again. Pure.
 */
import type { View } from '../protocol/view.ts';
import type { ViewChange } from './host-port.ts';
import type { RegionName } from './regions.ts';

/** `all` also when the layout may have changed. */
export function toDirtyRegions(change: ViewChange, view: View): readonly RegionName[] | 'all' {
  switch (change.type) {
    case 'item.added':
      return ['conversation', 'status', 'main'];
    case 'item.appended':
    case 'item.replaced':
      return ['conversation'];
    case 'block.output':
      return [`pane:${change.server}`, 'strip'];
    case 'block.changed':
      return [`pane:${change.server}`, 'strip', 'hint'];
    case 'shell.changed':
      // A shell that opens or ends has other keys; one that nobody shows here changes nothing.
      if (change.change.state !== undefined) return 'all';
      return [`pane:${view.shells[change.id]?.server ?? ''}`];
    case 'server.changed':
      return [`pane:${change.server.id}`, 'strip', 'status', 'main', 'hint'];
    case 'agents.replaced':
    case 'audit.grown':
      return ['main'];
    case 'block.added':
    case 'shell.added':
    case 'shell.removed':
    case 'servers.replaced':
    case 'session.added':
    case 'session.changed':
    case 'session.removed':
    case 'approval.added':
    case 'approval.removed':
    case 'logins.replaced':
    case 'durables.replaced':
    case 'openItem.added':
    case 'openItem.removed':
    case 'notice.added':
    case 'snapshot':
      return 'all';
  }
}
