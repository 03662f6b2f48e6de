/**
 * Taking back what was done on this screen, and ending what the host takes long with. What was done on a server is taken back by a rollback alone.
 */
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';

export type ActionTable = Partial<Record<Action, () => void>>;

export function toUndoActions(stage: Stage): ActionTable {
  return {
    undo: () => {
      const words = stage.model.undo.undo();
      if (words !== null) stage.say(`Undone: ${words}.`, 'ok');
    },
    cancelCall: () => {
      const words = stage.model.calls.cancel();
      if (words !== null) stage.say(`Being ended: ${words}.`, 'warn');
    },
  };
}

/** Actions that may move, hide or arrange panes: what they changed of that can be undone. */
export function withPlacementUndo(stage: Stage, actions: ActionTable): ActionTable {
  const { model } = stage;
  const wrap = (act: () => void) => (): void => {
    const { placement } = model.places;
    const { focus, isZoomed } = model;
    const session = model.session?.id;
    act();
    if (model.places.placement === placement) return;
    model.undo.push('the panes are where they were', () => {
      if (session !== undefined) model.showSession(session);
      model.viewName = 'workspace';
      model.places.placement = placement;
      model.isZoomed = isZoomed;
      model.focus = focus;
    });
  };
  return Object.fromEntries(Object.entries(actions).map(([action, act]) => [action, wrap(act)]));
}

/** A view is left for the workspace; it can be shown again as it was. */
export function rememberView(stage: Stage): void {
  const { model } = stage;
  const { viewName, isAuditDetailOpen, isZoomed, focus } = model;
  const words = viewName === 'workspace' ? 'the part is zoomed again' : `the ${viewName} view is open again`;
  model.undo.push(words, () => {
    model.viewName = viewName;
    model.isAuditDetailOpen = isAuditDetailOpen;
    model.isZoomed = isZoomed;
    if (viewName === 'workspace') model.focus = focus;
  });
}

/** A session has another title; it can have the old one again. */
export function rememberTitle(stage: Stage, session: string, title: string): void {
  const rename = (): void => void stage.call('session.rename', { session, title });
  stage.model.undo.push(`the session is called "${title}" again`, rename);
}
