/**
 * The help over the view: all keys, searched by typing; Enter does what the chosen key does.
 */

import { keyWord } from '../key-words.ts';
import type { Stage } from '../pane.ts';
import { SearchListOverlay } from '../panes/search-list-overlay.ts';
import { findHelpRows, type HelpRow, toHelpDetails, toHelpLine, toHelpRows } from '../present/help.ts';
import type { Situation } from '../situation.ts';
import { tryAction } from './commands.ts';

const rowsWanted = 40;

/** @param situation of what is behind the help, as it is when it is opened. */
export function openHelp(stage: Stage, situation: Situation): void {
  const rows = toHelpRows(situation, stage.model.words.prefix);
  let last = { text: '', found: rows };
  const find = (text: string): readonly HelpRow[] => {
    if (text !== last.text) last = { text, found: findHelpRows(rows, text) };
    return last.found;
  };
  const overlay = new SearchListOverlay<HelpRow>(stage, {
    ...{ scope: 'help', sign: '/', placeholder: 'type a key or what you look for', rowsWanted, find },
    ...{ title: 'Keys', note: `${keyWord('help', 'submit')} does it, ${keyWord('help', 'close')} closes` },
    isChoosable: ({ kind }) => kind === 'key',
    toLine: (row, page) => toHelpLine(row, last.text, page),
    toDetails: toHelpDetails,
    emptyText: () => 'No key has these words.',
    submit: (row) => {
      if (row?.kind !== 'key') return stage.say('No key has these words.', 'warn');
      if (row.reason !== null) return stage.say(`${row.binding.label}: ${row.reason}`, 'warn');
      stage.close(overlay);
      tryAction(stage, row.binding.action);
    },
  });
  stage.open(overlay);
}
