/**
 * What every presentation function is given beside its model: the width, the time, the drawing characters and the environments. Nothing else.
 */
import type { ServerView } from '../../protocol/view.ts';

/** Characters with a meaning; each stands beside a word, so that a reader without them loses nothing. */
export interface Glyphs {
  readonly ellipsis: string;
  readonly bullet: string;
  readonly done: string;
  readonly failed: string;
  readonly running: string;
  readonly pending: string;
  readonly waiting: string;
  readonly warning: string;
  readonly prompt: string;
  readonly folded: string;
  readonly unfolded: string;
  readonly bar: string;
  readonly rule: string;
  /** Between the columns of a table, and where that line crosses the one below its heading. */
  readonly column: string;
  readonly cross: string;
  readonly arrow: string;
  readonly separator: string;
  /** A line goes on to the left, to the right. */
  readonly cutLeft: string;
  readonly cutRight: string;
  readonly marked: string;
  readonly unmarked: string;
  readonly chosen: string;
  readonly unchosen: string;
  /** From nothing to the highest, a character each. */
  readonly bars: string;
  /** One character after another: something goes on. */
  readonly spinner: string;
}

export const unicodeGlyphs: Glyphs = {
  ellipsis: '…',
  bullet: '•',
  done: '✓',
  failed: '✗',
  running: '●',
  pending: '○',
  waiting: '◆',
  warning: '▲',
  prompt: '❯',
  folded: '▸',
  unfolded: '▾',
  bar: '▎',
  rule: '─',
  column: '│',
  cross: '┼',
  arrow: '→',
  separator: '·',
  cutLeft: '‹',
  cutRight: '›',
  marked: '■',
  unmarked: '□',
  chosen: '◉',
  unchosen: '○',
  spinner: '⠋⠙⠹⠸⠼⠴⠦⠧',
  bars: ' ▁▂▃▄▅▆▇█',
};

export const asciiGlyphs: Glyphs = {
  ellipsis: '...',
  bullet: '*',
  done: '+',
  failed: 'x',
  running: '>',
  pending: 'o',
  waiting: '?',
  warning: '!',
  prompt: '>',
  folded: '>',
  unfolded: 'v',
  bar: '|',
  rule: '-',
  column: '|',
  cross: '+',
  arrow: '->',
  separator: '-',
  cutLeft: '<',
  cutRight: '>',
  marked: '[x]',
  unmarked: '[ ]',
  chosen: '(x)',
  unchosen: '( )',
  spinner: '|/-\\',
  bars: ' _.-:=+*#',
};

export interface Page {
  readonly columns: number;
  readonly nowMs: number;
  readonly glyphs: Glyphs;
  /** The terminal shows no colours, so that words must say all of it. */
  readonly needsWords?: boolean;
  /** Of each registered server, since it is told wherever one is named. */
  readonly toEnvironment?: (
    server: string,
  ) => Pick<ServerView, 'environment' | 'environmentAssumed' | 'retryAtMs'> | null;
}
