/**
 * What decides whether a key about shells does its work now, and why not. Pure; a part of the situation of all keys.
 */
import type { ServerView, ShellView } from '../protocol/view.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';
import type { ScreenModel } from './screen-model.ts';

/** A shell has every key but the prefix; one that has ended has keys of the table. */
export type ShellScope = 'shell' | 'endedShell';

export interface ShellSituation {
  /** Where a shell would be opened: the pane in focus, or the chosen one in the Servers view. */
  readonly server: Pick<ServerView, 'id' | 'readonly' | 'state'> | null;
  /** Shells of that pane. */
  readonly tabs: number;
  /** State of the shell that the focused pane shows; null: there is none. */
  readonly shown: ShellView['state'] | null;
  /** Open ones on all servers. */
  readonly open: number;
}

/** Where a key that opens a shell opens it. */
export function toServerForShell({ viewName, chosenServer, shells, paneIds }: ScreenModel): string | null {
  if (viewName === 'servers') return chosenServer;
  return shells.focusedServer ?? (paneIds.length === 1 ? (paneIds[0] ?? null) : null);
}

/** Whose host key is asked about: that of a shell which has ended, or else the chosen one. */
export function toServerToTrust({ chosenServer, shells }: ScreenModel): string | null {
  return shells.focused?.state === 'ended' ? shells.focusedServer : chosenServer;
}

export function toShellSituation(model: ScreenModel): ShellSituation {
  const { shells, view } = model;
  const id = toServerForShell(model);
  return {
    server: id === null ? null : (view.servers[id] ?? null),
    tabs: shells.focusedServer === null ? 0 : shells.of(shells.focusedServer).length,
    shown: shells.focused?.state ?? null,
    open: shells.open.length,
  };
}

const shellActions = [
  'openShell',
  'openShellOn',
  'reopenShell',
  'nextTab',
  'showTab',
  'closeShell',
  'typeTogether',
  'sendPrefix',
] as const;

export type ShellAction = (typeof shellActions)[number];

export function isShellAction(action: Action): action is ShellAction {
  return (shellActions as readonly Action[]).includes(action);
}

export function whyNoShellOn({ id, readonly, state }: Pick<ServerView, 'id' | 'readonly' | 'state'>): string | null {
  if (readonly) return `${id} is registered as read only, so nobody gets a shell there`;
  return state === 'broken' ? `the record of ${id} is broken` : null;
}

/** Null when it can be done as far as shells are concerned. */
export function whyNotShell(action: ShellAction, { server, tabs, shown, open }: ShellSituation): string | null {
  switch (action) {
    case 'openShell':
    case 'reopenShell':
      if (!server) return `no server is chosen; ${keyWord('prefix', 'openShellOn')} after the prefix asks which`;
      return whyNoShellOn(server);
    case 'openShellOn':
      return null;
    case 'nextTab':
    case 'showTab':
      return tabs === 0 ? 'this pane has no shell' : null;
    case 'closeShell':
    case 'sendPrefix':
      return shown === null ? 'no shell has the focus' : null;
    case 'typeTogether':
      return open < 2 ? 'fewer than two shells are open' : null;
  }
}
