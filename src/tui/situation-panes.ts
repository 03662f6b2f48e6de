/**
 * The facts that decide whether a key about the panes' places does its work now, and the sentence that says why not. Pure.
 */

import type { Arrangement } from './arrange-panes.ts';
import { keyWord } from './key-words.ts';
import type { Action } from './keymap.ts';
import type { ScreenModel } from './screen-model.ts';
import { summarizeServers } from './server-summary.ts';

export interface PaneSituation {
  /** The pane with the focus. */
  readonly focused: string | null;
  readonly panes: number;
  readonly hidden: number;
  readonly arrangement: Arrangement;
  readonly isZoomed: boolean;
  readonly isWorkspace: boolean;
  /** Registered servers that are not the session's. */
  readonly others: number;
}

export function toPaneSituation(model: ScreenModel): PaneSituation {
  const { panes, hidden } = model.places.paneSet;
  const { servers } = model.view;
  const own = [...new Set(model.session?.servers ?? [])];
  return {
    ...{ focused: model.focusedPane, panes: panes.length, hidden: hidden.length },
    ...{
      arrangement: model.places.placement.arrangement,
      isZoomed: model.isZoomed,
      isWorkspace: model.viewName === 'workspace',
    },
    others: summarizeServers(servers).sorted.length - own.filter((id) => Object.hasOwn(servers, id)).length,
  };
}

const borderActions = [
  'borderUp',
  'borderDown',
  'borderLeft',
  'borderRight',
  'borderFarUp',
  'borderFarDown',
  'borderFarLeft',
  'borderFarRight',
] as const;
export type BorderAction = (typeof borderActions)[number];

const paneActions = [
  ...borderActions,
  'arrange',
  'evenBorders',
  'swapPrevious',
  'swapNext',
  'splitBeside',
  'splitBelow',
  'hidePane',
  'showPanes',
  'pinPane',
  'allServers',
] as const;
export type PaneAction = (typeof paneActions)[number];

export function isPaneAction(action: Action): action is PaneAction {
  return (paneActions as readonly Action[]).includes(action);
}

/** Those that are pressed several times in a row. */
export function isRepeatable(action: Action): boolean {
  return (borderActions as readonly Action[]).includes(action) || action === 'swapPrevious' || action === 'swapNext';
}

export function whyNotPane(action: PaneAction, facts: PaneSituation): string | null {
  if (!facts.isWorkspace) return `only in the workspace; ${keyWord('global', 'viewWorkspace')} goes there`;
  switch (action) {
    case 'showPanes':
      return facts.panes + facts.hidden === 0 ? 'no server pane is open' : null;
    case 'allServers':
      return facts.others === 0 ? 'no other server is registered' : null;
    case 'arrange':
    case 'evenBorders':
      return facts.panes === 0 ? 'no server pane is open' : null;
    case 'hidePane':
    case 'pinPane':
      return whyNoPane(facts);
    case 'swapPrevious':
    case 'swapNext':
    case 'splitBeside':
    case 'splitBelow':
      return whyNoPane(facts) ?? whyAlone(facts);
    default:
      return facts.panes === 0 ? 'no server pane is open' : whyZoomed(facts);
  }
}

function whyNoPane({ panes, focused }: PaneSituation): string | null {
  if (panes === 0) return 'no server pane is open';
  return focused === null ? 'no server pane has the focus' : null;
}

function whyAlone(facts: PaneSituation): string | null {
  return facts.panes < 2 ? 'there is no other pane' : whyZoomed(facts);
}

function whyZoomed({ isZoomed }: PaneSituation): string | null {
  return isZoomed ? `one part has the whole screen; ${keyWord('prefix', 'zoom')} gives it back` : null;
}
