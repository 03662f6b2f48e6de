/** Where a command reads and writes: the streams of the process, or those a test handed in. Commands ask `ioOf` and never `process`. */
import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { escapeActing } from '../base/display/escape.ts';
import { textWidth } from '../base/display/width.ts';
import { toSafeJson } from './safe-text.ts';
import { wrapProse } from './wrap-prose.ts';

export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Set by a command that ends with another status than 0 without an error of its own. */
  exitCode: number;
}

const bound = new WeakMap<Command, CliIo>();

/** Gives a whole program its streams. */
export function bindIo(program: Command, io: CliIo): void {
  bound.set(program, io);
}

/** The streams of the program a command belongs to. */
export function ioOf(command: Command): CliIo {
  for (let one: Command | null = command; one !== null; one = one.parent) {
    const io = bound.get(one);
    if (io) return io;
  }
  return processIo;
}

export const processIo: CliIo = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  get exitCode() {
    return Number(process.exitCode ?? 0);
  },
  set exitCode(value) {
    process.exitCode = value;
  },
};

/** One JSON value, indented for people on a terminal, else on one line. */
export function printJson(io: CliIo, value: unknown): void {
  io.stdout.write(`${toSafeJson(value, io.stdout.isTTY ? 2 : undefined)}\n`);
}

/** Columns as wide as their longest cell; the last one is not padded. Cells must be escaped already. */
export function printTable(io: CliIo, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    rows.reduce((cells, row) => Math.max(cells, textWidth(row[column] ?? '')), title.length),
  );
  const lines = [head, ...rows].map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : pad(cell, widths[column] ?? 0)));
    return `${escapeActing(cells.join('  ').trimEnd())}\n`;
  });
  io.stdout.write(lines.join(''));
}

/** By cells, not by characters: a wide letter takes two. */
function pad(cell: string, cells: number): string {
  return cell + ' '.repeat(Math.max(0, cells - textWidth(cell)));
}

/** What is foreign in it was escaped by whoever made the line; this is only the net below. On a terminal it ends between words. */
export function printLine(io: CliIo, line: string): void {
  printExact(io.stdout, wrapProse(io.stdout, escapeActing(line)));
}

/** As it is, for what has lines of its own: part of a file, a card, a command that may be copied. */
export function printExact(stream: Writable, line: string): void {
  stream.write(`${escapeActing(line)}\n`);
}

/** Beside the result, for people: stderr, so that a pipe stays clean. */
export function printNote(io: CliIo, line: string): void {
  printExact(io.stderr, wrapProse(io.stderr, escapeActing(line)));
}
