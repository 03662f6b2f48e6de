/**
 * The keys of copy mode, as vi has them, and of the lists and lines that search. Data only.
 */
import type { Binding } from './keymap.ts';
import { choosing, type Row, table } from './keymap-rows.ts';

/** Places of keys that look at texts. */
export type CopyScope = 'copy' | 'copySearch' | 'find';

/** What copy mode can do beyond what other places can. */
export type CopyAction =
  | 'copyMode'
  | 'findEverywhere'
  | 'pasteCopied'
  | 'searchBack'
  | 'cursorLeft'
  | 'cursorRight'
  | 'wordForward'
  | 'wordBack'
  | 'wordEnd'
  | 'lineStart'
  | 'lineText'
  | 'lineEnd'
  | 'halfPageDown'
  | 'halfPageUp'
  | 'paragraphForward'
  | 'paragraphBack'
  | 'viewTop'
  | 'viewMiddle'
  | 'viewBottom'
  | 'selectCharacters'
  | 'selectLines'
  | 'selectBlock'
  | 'swapEnds'
  | 'copySelection';

/** For texts above the view, which the keys of `global` do not reach. */
export const lookingRows: readonly Row[] = [
  ['/', 'search', 'search', 'Searches this text while you type.', 60],
  ['v', 'copyMode', 'copy', 'A cursor to select and copy with.', 61],
];

export const copyBindings: readonly Binding[] = [
  ...table('prefix', [
    ['[', 'copyMode', 'copy', 'A cursor in the text, to look back, select and copy; what comes meanwhile waits.', 97],
    [']', 'pasteCopied', 'paste', 'Pastes what was copied last into the prompt, or a shell.'],
    ['f', 'findEverywhere', 'find', 'Searches the conversation and all panes at once.', 98],
  ]),
  ...table('copy', [
    ['v space', 'selectCharacters', 'select', 'Begins or ends a selection of characters.', 1],
    ['y enter', 'copySelection', 'copy', 'Copies what is selected, or the line, and leaves.', 2],
    ['V', 'selectLines', 'lines', 'Begins or ends a selection of whole lines.', 3],
    ['ctrl-v', 'selectBlock', 'block', 'Begins or ends a selection of a rectangle.', 4],
    ['/', 'search', 'search', 'Searches forward while you type.', 5],
    ['?', 'searchBack', 'search back', 'Searches backward while you type.'],
    ['n', 'searchNext', 'next match', 'The next match, in the direction of the search.', 6],
    ['N', 'searchPrevious', 'match before', 'The next match in the other direction.'],
    ['o', 'swapEnds', 'other end', 'To the other end of the selection.', 9],
    ['h left', 'cursorLeft', 'left', 'One character to the left.'],
    ['j down', 'scrollDown', 'down', 'One row down.'],
    ['k up', 'scrollUp', 'up', 'One row up.'],
    ['l right', 'cursorRight', 'right', 'One character to the right.'],
    ['w', 'wordForward', 'next word', 'To the beginning of the next word.'],
    ['b', 'wordBack', 'word before', 'To the beginning of the word before.'],
    ['e', 'wordEnd', 'end of word', 'To the end of the word.'],
    ['0 home', 'lineStart', 'row start', 'To the beginning of the row.'],
    ['^', 'lineText', 'first letter', 'To the first character that is no blank.'],
    ['$ end', 'lineEnd', 'row end', 'To the end of the row.'],
    ['g', 'toStart', 'top', 'To the first row.'],
    ['G', 'toEnd', 'bottom', 'To the last row.'],
    ['ctrl-d', 'halfPageDown', 'half page down', 'Half a page down.'],
    ['ctrl-u', 'halfPageUp', 'half page up', 'Half a page up.'],
    ['ctrl-f pagedown', 'pageDown', 'page down', 'One page down.'],
    ['ctrl-b pageup', 'pageUp', 'page up', 'One page up.'],
    ['{', 'paragraphBack', 'paragraph up', 'To the empty row before.'],
    ['}', 'paragraphForward', 'paragraph down', 'To the next empty row.'],
    ['H', 'viewTop', 'top of view', 'To the first row in sight.'],
    ['M', 'viewMiddle', 'middle', 'To the row in the middle.'],
    ['L', 'viewBottom', 'bottom of view', 'To the last row in sight.'],
    ['f1', 'help', 'help', 'Shows every key that works here.', 8],
    ['escape q ctrl-c', 'close', 'leave', 'Leaves; what is new is followed again.', 7],
  ]),
  ...table('copySearch', [
    ['enter', 'submit', 'keep', 'Keeps the matches; n and N jump from one to the next.', 1],
    ['escape ctrl-c', 'close', 'cancel', 'Goes back to where the search began.', 2],
  ]),
  ...table('find', [
    ['enter', 'submit', 'go there', 'Shows the row in its place, in copy mode.', 1],
    ...choosing,
    ['escape ctrl-c', 'close', 'close', 'Closes the list.', 2],
  ]),
];
