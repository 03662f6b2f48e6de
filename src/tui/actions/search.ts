/**
 * The search line: in lists it filters, with what is typed; texts are searched in copy mode.
 */
import { completeAuditSearch } from '../audit-words.ts';
import { Later } from '../later.ts';
import type { Stage } from '../pane.ts';
import { LineOverlay } from '../panes/line-overlay.ts';
import type { SearchPlace } from '../view-names.ts';
import { searchText } from './copy.ts';

/** As long as between two letters of a word. */
const auditPauseMs = 150;

export function openSearch(stage: Stage): void {
  const { model } = stage;
  const shown = stage.texts.focused();
  if (shown?.overlay) return searchText(stage);
  const place = model.searchPlace;
  if (place === null && shown && shown.region !== 'conversation') return searchText(stage);
  if (place === null) return stage.say('There is nothing to search here; n and p go from card to card.', 'muted');
  if (place === 'conversation' || place.startsWith('pane:')) return searchText(stage);
  const before = model.searches.get(place) ?? '';
  const later = new Later(model.clock, auditPauseMs);
  stage.open(
    new LineOverlay(stage, {
      scope: place === 'audit' ? 'auditSearch' : 'search',
      sign: '/',
      text: model.searches.get(place) ?? '',
      ...(place === 'audit' ? { emptyText: ' Looks for this text in what was done, where and by whom.' } : {}),
      complete: (text) => (place === 'audit' ? completeAuditSearch(text, model.view) : []),
      handleChange: (text) => {
        const look = (): void => {
          model.searches.set(place, text);
          stage.invalidate();
        };
        // The log is asked for each filter, so it waits until the fingers rest; what is here already is searched with every key.
        if (place === 'audit') later.do(look);
        else look();
      },
      submit: (text) => {
        later.dispose();
        model.searches.set(place, text);
      },
      cancel: () => {
        later.dispose();
        forget(stage, place, before);
      },
    }),
  );
}

/** The rows that the search of this list hides are shown again. */
export function showAllRows(stage: Stage): void {
  const { searchPlace, searches } = stage.model;
  if (searchPlace !== null) forget(stage, searchPlace, searches.get(searchPlace) ?? '');
}

function forget({ model }: Stage, place: SearchPlace, text: string): void {
  model.searches.delete(place);
  if (text !== '') model.undo.push(`"${text}" is searched for again`, () => model.searches.set(place, text));
}
