/**
 * Rows of the table of keys that several places share, and the short form in which all rows are written. Data only.
 */
import type { Action, Binding, KeyName, Scope } from './keymap.ts';

export type Row = readonly [keys: string, action: Action, label: string, help: string, rank?: number];

export function table(scope: Scope, rows: readonly Row[]): readonly Binding[] {
  return rows.map(([keys, action, label, help, rank]) => ({
    scope,
    keys: keys.split(' ') as readonly KeyName[],
    action,
    label,
    help,
    rank: rank ?? 0,
  }));
}

export const scrolling: readonly Row[] = [
  ['j down', 'scrollDown', 'down', 'One line down.'],
  ['k up', 'scrollUp', 'up', 'One line up.'],
  ['pagedown ctrl-f ctrl-d', 'pageDown', 'page down', 'One page down.'],
  ['pageup ctrl-u', 'pageUp', 'page up', 'One page up.'],
  ['g home', 'toStart', 'start', 'To the beginning.'],
  ['G end', 'toEnd', 'end', 'To the end; new text is followed from there.'],
];

export const list: readonly Row[] = [
  ['j down', 'scrollDown', 'next', 'The next row.'],
  ['k up', 'scrollUp', 'previous', 'The row before.'],
  ['pagedown ctrl-f', 'pageDown', 'page down', 'One page down.'],
  ['pageup', 'pageUp', 'page up', 'One page up.'],
  ['g home', 'toStart', 'first', 'The first row.'],
  ['G end', 'toEnd', 'last', 'The last row.'],
];

/** A list with the details of its chosen row beside or below it. */
export const detailedList: readonly Row[] = [
  ...list,
  ['ctrl-d', 'detailsDown', 'details down', 'The next lines of the details.'],
  ['ctrl-u', 'detailsUp', 'details up', 'The lines of the details before.'],
];

/** One whose keys for pages turn those of the details where the whole list is in sight. */
export const shortList: readonly Row[] = detailedList.map((row): Row => {
  const [keys, action, label, help] = row;
  if (action !== 'pageDown' && action !== 'pageUp') return row;
  return [keys, action, label, help.replace(/\.$/, '; of the details where the whole list is in sight.')];
});

/** A list that can be narrowed by a search. */
export const filteredList: readonly Row[] = [
  ['escape', 'showAllRows', 'all rows', 'Shows every row again, not only those that have what was searched for.'],
];

/** A list below a line of input: letters are text, so only keys that are none choose. */
export const choosing: readonly Row[] = [
  ['down ctrl-n', 'nextChoice', 'next', 'The next row.', 3],
  ['up ctrl-p', 'previousChoice', 'previous', 'The row before.'],
  ['pagedown', 'pageDown', 'page down', 'One page down.'],
  ['pageup', 'pageUp', 'page up', 'One page up.'],
];

/** What every dialog has. */
export const dialog: readonly Row[] = [
  ['tab', 'nextField', 'next field', 'To the next field.', 2],
  ['shift-tab', 'previousField', 'previous field', 'To the field before.'],
  ['down', 'nextChoice', 'next', 'To the next choice or field.', 5],
  ['up', 'previousChoice', 'previous', 'To the choice or field before.'],
  ['space', 'toggleChoice', 'choose', 'Chooses or unchooses the row.', 3],
  ['alt-a', 'toggleAll', 'all or none', 'Chooses every row of this list, or none when all are chosen.', 3],
  ['pagedown', 'pageDown', 'page down', 'One page of a long dialog down.'],
  ['pageup', 'pageUp', 'page up', 'One page of a long dialog up.'],
];
