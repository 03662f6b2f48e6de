/** Where a search looks, from what is shown and what has the focus. Pure. */
import type { ScreenModel, SearchPlace } from './screen-model.ts';

export function toSearchPlace(model: ScreenModel): SearchPlace | null {
  switch (model.viewName) {
    case 'workspace':
      return model.focus.startsWith('pane:') ? (model.focus as `pane:${string}`) : 'conversation';
    case 'approvals':
      return null;
    case 'audit':
    case 'servers':
    case 'agents':
    case 'sessions':
      return model.viewName;
  }
}
