/**
 * The search line: what is typed is looked for while it is typed, in what has the focus; in lists it filters.
 */
import type { Stage } from '../pane.ts';
import { LineOverlay } from '../panes/line-overlay.ts';

export function openSearch(stage: Stage): void {
  const { model } = stage;
  const place = model.searchPlace;
  if (place === null) return stage.say('There is nothing to search here; n and p go from card to card.', 'muted');
  const isList = place !== 'conversation' && !place.startsWith('pane:');
  stage.open(
    new LineOverlay(stage, {
      scope: 'search',
      sign: '/',
      text: model.searches.get(place) ?? '',
      complete: () => [],
      handleChange: (text) => {
        // A log is asked for each filter, so it gets the whole word; what is here already is searched with every key.
        if (place !== 'audit') model.searches.set(place, text);
        stage.invalidate();
      },
      submit: (text) => {
        model.searches.set(place, text);
        if (!isList && text !== '') stage.perform('searchNext');
      },
      cancel: () => {
        model.searches.delete(place);
      },
    }),
  );
}
