/** Text with meaning attached: what presentation functions return and widgets draw. Text here is already safe to print. */

/** Semantic tokens; a theme gives each its colours. Meaning is never in colour alone. */
export const tokens = [
  'text',
  'muted',
  'border',
  'focus',
  'accent',
  'ok',
  'warn',
  'danger',
  'production',
  'staging',
  'development',
  'diffAdd',
  'diffRemove',
  'diffHunk',
  'selection',
  'key',
  'title',
  'code',
  'codeKeyword',
  'codeString',
  'codeNumber',
  'codeComment',
  'codeName',
] as const;
export type Token = (typeof tokens)[number];

/** What a theme may leave out, and the token whose look it has then. */
export const tokenFallbacks: Partial<Record<Token, Token>> = {
  codeKeyword: 'accent',
  codeString: 'ok',
  codeNumber: 'key',
  codeComment: 'muted',
  codeName: 'title',
};

export interface Span {
  readonly text: string;
  readonly token?: Token;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  /** The token whose look lies beneath, so that its background stays. */
  readonly under?: Token;
  /**
   * Stands where a wrapped line goes on, after its indentation, with an empty text: what the source has between the row above and this one.
   * Copying joins such rows again.
   */
  readonly continues?: string;
  /** The sign that a word was broken here: drawn, but not in the source. */
  readonly isWrapMark?: true;
  /**
   * Of a row with two texts beside each other: where the text of the one on the left or on the right begins, with an empty text, and the room
   * between them. Copying takes one of them. `end` is the room behind the one on the right.
   */
  readonly side?: 'before' | 'between' | 'after' | 'end';
  /** The look of an emulated cell, in place of a token. */
  readonly cell?: CellLook;
}

/** Colours as `theme-color.ts` numbers them, and a sum of the flags of `widgets/styles.ts`. */
export interface CellLook {
  readonly fg: number;
  readonly bg: number;
  readonly flags: number;
}

export type StyledLine = readonly Span[];
