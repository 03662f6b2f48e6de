/**
 * A strict lexer for simple command lines, as a positive grammar: what it does not recognise it refuses to read, so it cannot
 * misread it. It deliberately knows no expansion, operator, escape or concatenation of any shell.
 */

export type LexResult =
  | { readonly kind: 'simple'; readonly argv: readonly string[] }
  | { readonly kind: 'not-simple'; readonly reason: string };

const bareWord = /^[A-Za-z0-9_@%+:,./^=-]+$/;
const commandWord = /^[A-Za-z0-9_+:,./-]+$/;

/**
 * Words separated by spaces. A word is bare (`[A-Za-z0-9_@%+:,./^=-]+`, not starting with `= % @ ^`), or one pair of single
 * quotes, or one pair of double quotes without `$`, backquote, backslash and `!`. The command word is bare and has no `=`.
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
  if (first === "'" || first === '"') {
    const close = line.indexOf(first, start + 1);
    if (close < 0) return 'A quote is not closed.';
    const value = line.slice(start + 1, close);
    if (first === '"' && /[$`\\!]/.test(value)) return 'A double-quoted word has $, `, \\ or ! in it.';
    const next = line[close + 1];
    if (next !== undefined && next !== ' ') return 'A word mixes quoted and unquoted text.';
    return { value, end: close + 1 };
  }
  const space = line.indexOf(' ', start);
  const end = space < 0 ? line.length : space;
  const value = line.slice(start, end);
  if (!bareWord.test(value)) return notBareReason(value);
  if (/^[=%@^]/.test(value)) return 'A word starts with =, %, @ or ^, which some shells expand.';
  return { value, end };
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
