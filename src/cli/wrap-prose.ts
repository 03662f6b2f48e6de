/**
 * Sentences of ours on a terminal end their lines between words, where the terminal itself would break them anywhere. What goes into a
 * pipe or a file stays as it is, and so does a word that is longer than a line: the terminal breaks it, and it is copied whole.
 */
import { textWidth } from '../base/display/width.ts';

export interface ProseStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Below this many columns a line is not indented any more. */
const roomMin = 20;

/** `text` must be escaped already; its own line ends stay. */
export function wrapProse(stream: ProseStream, text: string): string {
  const { columns } = stream;
  if (stream.isTTY !== true || columns === undefined || columns < roomMin) return text;
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line;
  const head = toHead(line, columns);
  const indent = textWidth(head);
  const rows: string[] = [];
  let row = head;
  let cells = indent;
  let isEmpty = true;
  for (const [, blanks = '', word = ''] of line.slice(head.length).matchAll(toPieces(columns - indent))) {
    const wanted = textWidth(blanks) + textWidth(word);
    if (!isEmpty && word !== '' && cells + wanted > columns) {
      rows.push(row);
      row = `${' '.repeat(indent)}${word}`;
      cells = indent + textWidth(word);
    } else {
      row += blanks + word;
      cells += wanted;
    }
    isEmpty = false;
  }
  return [...rows, row].join('\n');
}

/** What stands before the last column of a line with columns, or the blanks at its begin; what follows is indented as far. */
function toHead(line: string, columns: number): string {
  const head = /^(?:.* {2,}| +)/.exec(line.slice(0, Math.floor(columns / 2)))?.[0] ?? '';
  return columns - textWidth(head) < roomMin ? '' : head;
}

/** Blanks and the word after them; a command between backticks is one word where it fits into a line. */
function toPieces(room: number): RegExp {
  return new RegExp(`( *)((?:\`[^\`]{1,${Math.max(1, room - 3)}}\`|[^ ])+|$)`, 'g');
}
