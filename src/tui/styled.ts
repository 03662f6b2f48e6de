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
] as const;
export type Token = (typeof tokens)[number];

export interface Span {
  readonly text: string;
  readonly token?: Token;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export type StyledLine = readonly Span[];
