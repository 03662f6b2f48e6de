/**
 * Output of several servers on one terminal or in one pipe: each line whole, with the name of its server in front. Knows no host and no
 * command. Into a pipe the bytes of a line go as they are; on a terminal they are text that can do nothing there.
 */
import type { EnvironmentWord } from '../../protocol/view.ts';
import { detectColorDepth } from '../../tui/theme-color.ts';
import { type CliIo, printNote } from '../output.ts';
import { toReadableText } from '../safe-text.ts';

export interface NamedServer {
  readonly id: string;
  readonly environment: EnvironmentWord;
}

export interface PrefixedLines {
  write(server: string, stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** A sentence of ours about this server, escaped already; to stderr. */
  note(server: string, line: string): void;
  /** What came without a line end. */
  end(server: string): void;
  /** Nothing is printed until it is released: there is a question on the terminal. */
  hold(): void;
  release(): void;
}

/** A line longer than this is printed in pieces: none is held without a bound. */
const lineBytesMax = 64 * 1024;
/** What is held back while a question is open; past this it is printed beneath the question, since losing it would be worse. */
const heldBytesMax = 4 * 1024 * 1024;
/** What a held line takes beside its bytes, about. */
const heldLineBytes = 256;
const lineFeed = 0x0a;

export function toPrefixedLines(io: CliIo, servers: readonly NamedServer[]): PrefixedLines {
  const cells = Math.max(...servers.map(({ id }) => id.length));
  const names = new Map(servers.map(({ id, environment }) => [id, { name: id.padEnd(cells), environment }]));
  const unfinished = new Map<string, Buffer>();
  let held: (() => void)[] | null = null;
  let heldBytes = 0;

  const release = (): void => {
    const waiting = held ?? [];
    held = null;
    heldBytes = 0;
    for (const print of waiting) print();
  };
  const printOrHold = (bytes: number, print: () => void): void => {
    if (held === null) return print();
    held.push(print);
    heldBytes += bytes + heldLineBytes;
    if (heldBytes > heldBytesMax) release();
  };
  const toPrefix = (server: string, stream: CliIo['stdout']): string => {
    const { name, environment } = names.get(server) ?? { name: server, environment: 'production' as const };
    const isColoured = stream.isTTY === true && detectColorDepth(io.env) !== 'none';
    return `${isColoured ? `\x1b[${colours[environment]}m${name}\x1b[0m` : name} | `;
  };
  const printLine = (server: string, stream: 'stdout' | 'stderr', line: Buffer): void => {
    const target = io[stream];
    const prefix = toPrefix(server, target);
    printOrHold(line.length, () => {
      if (target.isTTY === true) target.write(`${prefix}${toReadableText(line.toString('utf8'))}\n`);
      else target.write(Buffer.concat([Buffer.from(prefix), line, Buffer.of(lineFeed)]));
    });
  };

  return {
    write: (server, stream, bytes) => {
      const key = `${server}/${stream}`;
      let rest = Buffer.concat([unfinished.get(key) ?? Buffer.alloc(0), bytes]);
      for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
        printLine(server, stream, withoutReturn(rest.subarray(0, end), io[stream]));
        rest = rest.subarray(end + 1);
      }
      while (rest.length > lineBytesMax) {
        const end = toCharacterStart(rest, lineBytesMax);
        printLine(server, stream, rest.subarray(0, end));
        rest = rest.subarray(end);
      }
      unfinished.set(key, rest);
    },
    note: (server, line) => {
      const prefix = toPrefix(server, io.stderr);
      printOrHold(line.length, () => {
        io.stderr.write(prefix);
        printNote(io, line);
      });
    },
    end: (server) => {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = unfinished.get(`${server}/${stream}`);
        if (rest !== undefined && rest.length > 0) printLine(server, stream, rest);
        unfinished.delete(`${server}/${stream}`);
      }
    },
    hold: () => {
      held ??= [];
    },
    release,
  };
}

/** Of the terminal's own 16, so that they fit its theme. The name beside it says the same without colour. */
const colours: Readonly<Record<EnvironmentWord, string>> = { production: '1;31', staging: '33', development: '36' };

/** On a terminal a carriage return before the line feed belongs to the line end. */
function withoutReturn(line: Buffer, stream: CliIo['stdout']): Buffer {
  return stream.isTTY === true && line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** The last place at or before `end` where a character of UTF-8 begins; `end` itself where the bytes are no UTF-8. */
function toCharacterStart(bytes: Buffer, end: number): number {
  for (let at = end; at > end - 4; at -= 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  return end;
}
