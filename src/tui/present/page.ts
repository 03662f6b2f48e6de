/**
 * What every presentation function is given beside its model: the width, the time and the drawing characters. Nothing else.
 */

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
  readonly arrow: string;
  readonly separator: string;
  readonly marked: string;
  readonly unmarked: string;
  readonly chosen: string;
  readonly unchosen: string;
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
  arrow: '→',
  separator: '·',
  marked: '■',
  unmarked: '□',
  chosen: '◉',
  unchosen: '○',
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
  arrow: '->',
  separator: '-',
  marked: '[x]',
  unmarked: '[ ]',
  chosen: '(x)',
  unchosen: '( )',
};

export interface Page {
  readonly columns: number;
  readonly nowMs: number;
  readonly glyphs: Glyphs;
}
