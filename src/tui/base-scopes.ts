/** The scopes that keys go through, innermost first, from what is shown and what has the focus; overlays put theirs before them. Pure. */
import type { Scope } from './keymap.ts';
import { isQuestion } from './queue.ts';
import type { ScreenModel } from './screen-model.ts';

export function toBaseScopes(model: ScreenModel): readonly Scope[] {
  const scopes = toPlaceScopes(model);
  // What takes long can be ended from everywhere, where Esc means nothing else.
  return model.calls.shown?.canCancel
    ? scopes.flatMap((scope) => (scope === 'always' ? ['call', scope] : [scope]))
    : scopes;
}

function toPlaceScopes(model: ScreenModel): readonly Scope[] {
  switch (model.viewName) {
    case 'workspace':
      return toWorkspaceScopes(model);
    case 'approvals':
      return [toCardScope(model), 'global', 'always'];
    case 'audit':
      return [model.isAuditDetailOpen ? 'auditDetail' : 'audit', 'global', 'always'];
    default:
      return [model.viewName, 'global', 'always'];
  }
}

function toWorkspaceScopes(model: ScreenModel): readonly Scope[] {
  if (model.hasFirstRun) return ['firstRun', 'global', 'always'];
  if (model.focus === 'prompt') return ['prompt', 'always'];
  if (model.focus === 'card') return [toCardScope(model), 'global', 'always'];
  if (model.shells.focused) return model.shells.scopes;
  return [model.focus === 'conversation' ? 'conversation' : 'pane', 'global', 'always'];
}

function toCardScope({ desk }: ScreenModel): Scope {
  return desk.current && isQuestion(desk.current) ? 'formCard' : 'card';
}
