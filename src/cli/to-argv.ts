/** Turns a local command given as one option into its argv. No shell ever reads it, so what only a shell understands is refused. */
import { OperationError } from '../core/codes.ts';

/**
 * Either a JSON array of texts, or words separated by spaces with '…' and "…" taken literally.
 * Throws INVALID_ARGUMENT for anything that asks for a shell ($, `, |, &, ;, <, >, *, ?, \, ~ at the start of a word) outside of quotes.
 */
export function toArgv(text: string, option: string): readonly string[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) return fromJson(trimmed, option);
  const words: string[] = [];
  const piece = /'([^']*)'|"([^"$`\\]*)"|([^\s'"$`|&;<>()*?\\]+)|(\s+)/y;
  let word: string | null = null;
  while (piece.lastIndex < trimmed.length) {
    const part = piece.exec(trimmed);
    if (!part) throw refuse(option);
    const [, single, double, bare, space] = part;
    if (space !== undefined) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      if (word === null && bare?.startsWith('~')) throw refuse(option);
      word = (word ?? '') + (single ?? double ?? bare ?? '');
    }
  }
  if (word !== null) words.push(word);
  if (words.length === 0 || words[0] === '') throw new OperationError('INVALID_ARGUMENT', `${option} needs a command.`);
  return words;
}

function fromJson(text: string, option: string): readonly string[] {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // The same sentence as for any other value that is no array of texts.
  }
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== ''))
    return value;
  throw new OperationError('INVALID_ARGUMENT', `${option} must be words or a JSON array of texts that are not empty.`);
}

function refuse(option: string): OperationError {
  return new OperationError(
    'INVALID_ARGUMENT',
    `${option} is run without a shell; quote special characters with '...', or give ["sh", "-c", "..."] when a shell is meant.`,
  );
}
