/**
 * What a command printed as lines of text, without an emulator: control sequences are left out, a carriage return begins the line anew. For
 * counting, searching and copying what is not in sight. Pure.
 */
import { textWidth } from '../present/text.ts';
import { graphemes } from '../widgets/width.ts';
import type { OutputRows, OutputView } from './output-rows.ts';

/** Control sequences of ECMA-48: CSI, the strings (OSC, DCS, SOS, PM, APC) with their ends, and two-character escapes. */
const sequences =
  /\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|\x9b[0-?]*[ -/]*[@-~]?|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g;
/** What is left and would act: controls but the tab, and marks that turn the direction of a text or hide in it. */
const acting = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/gu;
const tabColumns = 8;

/** The lines that a reader saw last. */
export function toPlainLines(text: string): readonly string[] {
  const written = text.replace(sequences, '');
  return written === ''
    ? []
    : written
        .replace(/\r?\n$/, '')
        .split('\n')
        .map(toPlainLine);
}

/** Text of an emulator's row, or of a line, without anything that would act where it is pasted. */
export function withoutActing(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.replace(acting, '');
}

function toPlainLine(line: string): string {
  if (/^[\x20-\x7e]*$/.test(line)) return line;
  const written = /[\r\x08\t]/.test(line) ? toWritten(line) : line;
  return written.replace(acting, '');
}

/** What stands in a line after the cursor went back in it; a character is one column here. */
function toWritten(line: string): string {
  const columns: string[] = [];
  let at = 0;
  for (const character of line) {
    if (character === '\r') at = 0;
    else if (character === '\x08') at = Math.max(0, at - 1);
    else if (character === '\t') at += tabColumns - (at % tabColumns);
    else {
      while (columns.length < at) columns.push(' ');
      columns[at] = character;
      at += 1;
    }
  }
  return columns.join('');
}

/** Lines broken where the pane breaks them. */
function toRows(line: string, columns: number): readonly string[] {
  if (textWidth(line) <= columns) return [line];
  const rows: string[] = [];
  if (/^[\x20-\x7e]*$/.test(line)) {
    for (let at = 0; at < line.length; at += columns) rows.push(line.slice(at, at + columns));
    return rows;
  }
  // Joined once: a string that grows by characters keeps each of its states, thirty times its size.
  let row: string[] = [];
  let width = 0;
  for (const cluster of graphemes(line)) {
    if (width + cluster.width > columns && row.length > 0) {
      rows.push(row.join(''));
      row = [];
      width = 0;
    }
    row.push(cluster.text);
    width += cluster.width;
  }
  return [...rows, row.join('')];
}

/** At most `rowsMax` rows, the newest: as many as an emulator would keep. */
export function toPlainRows(text: string, view: OutputView, rowsMax: number): OutputRows {
  const lines = toPlainLines(text);
  const rows: { readonly text: string; readonly line: number; readonly isContinued: boolean }[] = [];
  let all = 0;
  lines.forEach((line, number) => {
    if (view.filter !== null && !view.filter(line)) return;
    const parts = view.lines === 'cut' ? [line] : toRows(line, view.columns);
    all += parts.length;
    parts.forEach((part, index) => {
      rows.push({ text: part, line: number, isContinued: index > 0 });
    });
  });
  const kept = rows.slice(-rowsMax);
  return {
    count: kept.length,
    gone: view.filter === null ? all - kept.length : 0,
    textAt: (index) => kept[index]?.text ?? '',
    isContinuedAt: (index) => kept[index]?.isContinued ?? false,
    lineFromEndAt: (index) => lines.length - 1 - (kept[index]?.line ?? 0),
  };
}
