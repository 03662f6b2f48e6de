/**
 * Which colour token a line of an approval card has. The words of the card say everything; this only repeats it.
 */
import type { CardRole } from '../../protocol/card.ts';
import type { Token } from '../styled.ts';

const tokensOfRoles: Readonly<Record<CardRole, Token>> = {
  heading: 'title',
  label: 'muted',
  value: 'text',
  'diff-add': 'diffAdd',
  'diff-remove': 'diffRemove',
  'diff-hunk': 'diffHunk',
  'diff-context': 'text',
  warn: 'warn',
  danger: 'danger',
  muted: 'muted',
};

export function toCardToken(role: CardRole): Token {
  return tokensOfRoles[role];
}
