/**
 * Which regions a change of the host's view touches, so that only they are painted again. Pure.
 */
import type { ViewChange } from './host-port.ts';
import type { RegionName } from './regions.ts';

/** `all` also when the layout may have changed. */
export function toDirtyRegions(change: ViewChange): readonly RegionName[] | 'all' {
  switch (change.type) {
    case 'item.added':
    case 'item.appended':
    case 'item.replaced':
      return ['conversation'];
    case 'block.output':
      return [`pane:${change.server}`];
    case 'block.changed':
      return [`pane:${change.server}`, 'strip'];
    case 'server.changed':
      return [`pane:${change.server.id}`, 'strip', 'status', 'main', 'hint'];
    case 'agents.replaced':
    case 'audit.grown':
      return ['main'];
    case 'block.added':
    case 'servers.replaced':
    case 'session.added':
    case 'session.changed':
    case 'session.removed':
    case 'approval.added':
    case 'approval.removed':
    case 'openItem.added':
    case 'openItem.removed':
    case 'notice.added':
    case 'snapshot':
      return 'all';
  }
}
