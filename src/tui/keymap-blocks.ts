/**
 * The keys of a server's pane: its blocks, and how its lines are shown. Data only.
 */
import type { Binding } from './keymap.ts';
import { scrolling, table } from './keymap-rows.ts';

export const blockBindings: readonly Binding[] = [
  ...table('pane', [
    ...scrolling,
    ['K [', 'previousBlock', 'block before', 'To the block before: a command, or an operation on a file.', 21],
    ['J ]', 'nextBlock', 'next block', 'To the next block.', 22],
    ['enter space', 'toggleFold', 'fold', 'Folds the output of the chosen block, or shows all of it.', 23],
    ['F', 'toggleAllFolds', 'fold all', 'Folds the output of every block, or shows all of it.'],
    [
      'y',
      'copyCommand',
      'copy command',
      'Copies the command of the chosen block to the clipboard of your terminal.',
      24,
    ],
    ['Y', 'copyOutput', 'copy output', 'Copies the output of the chosen block to the clipboard of your terminal.', 25],
    [
      '.',
      'runAgain',
      'run again',
      'Runs the command of the chosen block again, as yours and through the gate, after a question.',
      26,
    ],
    [
      'ctrl-k',
      'stopCommand',
      'stop',
      'Ends the command of the chosen block; whoever asked for it is told that you did.',
      20,
    ],
    ['L', 'showBlockRecord', 'its record', 'To the record of the chosen block in the audit log.', 28],
    ['P', 'playBlock', 'play', 'Plays the recording of what the chosen block printed.', 29],
    ['&', 'filterLines', 'filter', 'Shows only the lines that have a pattern; once more, all of them.', 30],
    ['w', 'toggleWrap', 'wrap', 'Cuts long lines at the side, or wraps them.', 31],
    ['left h', 'moveLeft', 'left', 'Moves along lines that are cut, to their beginning.'],
    ['right l', 'moveRight', 'right', 'Moves along lines that are cut, to their end.'],
    ['t', 'toggleTimes', 'times', 'Shows when each block began, and when each line of output came.', 32],
    ['z', 'zoom', 'zoom', 'The pane takes the whole screen, or gives it back.', 27],
    ['v', 'copyMode', 'copy', 'A cursor in the text, to select and copy with.', 62],
    ['n', 'searchNext', 'next match', 'The next place that was searched for.'],
    ['N', 'searchPrevious', 'previous match', 'The place before that was searched for.'],
  ]),
];
