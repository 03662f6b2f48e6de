/**
 * A strict lexer for simple command lines, as a positive grammar: what it does not recognise it refuses to read, so it cannot
 * misread it. It deliberately knows no expansion, operator or escape of any shell, and one concatenation: `--option='value'`.
 */

export type LexResult =
  | { readonly kind: 'simple'; readonly argv: readonly string[] }
  | { readonly kind: 'not-simple'; readonly reason: string };

const bareWord = /^[A-Za-z0-9_@%+:,./^=-]+$/;
/** What a quoted value may directly follow: a long option with its `=`, or the `+` of a format. No shell expands these. */
const beforeValue = /^(?:--[A-Za-z][A-Za-z0-9-]*=|\+)$/;
const commandWord = /^[A-Za-z0-9_+:,./-]+$/;

/**
 * Words separated by spaces. A word is bare (`[A-Za-z0-9_@%+:,./^=-]+`, not starting with `= % @ ^`), or one pair of single
 * quotes without two backslashes in a row or one at the end, or one pair of double quotes without `$`, backquote, backslash and `!`; or a long option with its `=`, or a `+`, and right
 * after it one such pair (`--include='*.conf'`, `+"%F %T"`). The command word is bare and has no `=`.
 */
export function lexLine(line: string): LexResult {
  const argv: string[] = [];
  let position = 0;
  while (position < line.length) {
    if (line[position] === ' ') {
      position += 1;
      continue;
    }
    const word = readWord(line, position);
    if (typeof word === 'string') return { kind: 'not-simple', reason: word };
    if (argv.length === 0 && !commandWord.test(line.slice(position, word.end))) {
      return { kind: 'not-simple', reason: 'The command word is quoted, an assignment, or not a plain name.' };
    }
    argv.push(word.value);
    position = word.end;
  }
  if (argv.length === 0) return { kind: 'not-simple', reason: 'The line is empty.' };
  return { kind: 'simple', argv };
}

interface LexedWord {
  readonly value: string;
  readonly end: number;
}

/** The word, or the sentence that says why it is none. */
function readWord(line: string, start: number): LexedWord | string {
  const first = line[start];
  if (first === "'" || first === '"') return readQuoted(line, start);
  const quote = line.slice(start).search(/['" ]/);
  const before = quote < 0 ? '' : line.slice(start, start + quote);
  if (beforeValue.test(before) && line[start + quote] !== ' ') {
    const value = readQuoted(line, start + quote);
    return typeof value === 'string' ? value : { value: before + value.value, end: value.end };
  }
  const space = line.indexOf(' ', start);
  const end = space < 0 ? line.length : space;
  const value = line.slice(start, end);
  if (!bareWord.test(value)) return notBareReason(value);
  if (/^[=%@^]/.test(value)) return 'A word starts with =, %, @ or ^, which some shells expand.';
  return { value, end };
}

/** One pair of quotes with nothing behind it. */
function readQuoted(line: string, start: number): LexedWord | string {
  const mark = line[start] ?? '';
  const close = line.indexOf(mark, start + 1);
  if (close < 0) return 'A quote is not closed.';
  const value = line.slice(start + 1, close);
  if (mark === '"' && /[$`\\!]/.test(value)) return 'A double-quoted word has $, `, \\ or ! in it.';
  if (mark === "'" && /\\\\|\\$/.test(value))
    return 'A quoted word has two backslashes in a row or ends in one, which fish reads in its own way.';
  const next = line[close + 1];
  if (next !== undefined && next !== ' ') return 'A word mixes quoted and unquoted text.';
  return { value, end: close + 1 };
}

function notBareReason(value: string): string {
  const found = /[^A-Za-z0-9_@%+:,./^=-]/.exec(value)?.[0] ?? '';
  if (found === "'" || found === '"') return 'A word mixes quoted and unquoted text.';
  if (found === '\\') return 'The line uses a backslash outside of quotes.';
  if (found === '$' || found === '`') return 'The line uses an expansion that only the server could evaluate.';
  if ('*?['.includes(found))
    return 'The line uses a file name pattern that only the server could expand; quote it or name the files.';
  if (';&|<>()'.includes(found)) return 'The line uses a shell operator.';
  return `The line uses the shell character ${found}.`;
}
