/** Lines of several servers: whole, named, coloured only where that can be seen, and held while there is a question. */
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { toPrefixedLines } from '../../../src/cli/exec/prefixed-lines.ts';
import type { CliIo } from '../../../src/cli/output.ts';
import { processIo } from '../../../src/cli/output.ts';

const servers = [
  { id: 'web-1', environment: 'staging' },
  { id: 'database', environment: 'production' },
] as const;

function open(options: { readonly isTTY?: true; readonly env?: NodeJS.ProcessEnv } = {}) {
  const out = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const collect = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          out[name] = Buffer.concat([out[name], chunk]);
          done();
        },
      }),
      { isTTY: options.isTTY === true },
    );
  const env = options.env ?? { TERM: 'xterm-256color' };
  const io: CliIo = { ...processIo, exitCode: 0, env, stdout: collect('stdout'), stderr: collect('stderr') };
  return { out, lines: toPrefixedLines(io, servers) };
}

describe('prefixed lines', () => {
  it('keeps lines whole, however their pieces come', () => {
    const { lines, out } = open();
    lines.write('web-1', 'stdout', Buffer.from('on'));
    lines.write('database', 'stdout', Buffer.from('first\nsec'));
    lines.write('web-1', 'stderr', Buffer.from('beside\n'));
    lines.write('web-1', 'stdout', Buffer.from('e\n\n'));
    lines.end('web-1');
    lines.end('database');
    expect(out.stdout.toString()).toBe('database | first\nweb-1    | one\nweb-1    | \ndatabase | sec\n');
    expect(out.stderr.toString()).toBe('web-1    | beside\n');
  });

  it('passes bytes on as they are into a pipe', () => {
    const { lines, out } = open();
    lines.write('web-1', 'stdout', Buffer.from([0xff, 0x1b, 0x0d, 0x0a]));
    expect(out.stdout).toEqual(Buffer.concat([Buffer.from('web-1    | '), Buffer.from([0xff, 0x1b, 0x0d, 0x0a])]));
  });

  it('shows text that can do nothing on a terminal, after a name in the colour of its environment', () => {
    const { lines, out } = open({ isTTY: true });
    lines.write('web-1', 'stdout', Buffer.from('\x1b[2J\u202e\tx\r\n'));
    lines.note('database', 'signalbox: no');
    expect(out.stdout.toString()).toBe('\x1b[33mweb-1   \x1b[0m | \\x1b[2J\\u202e\tx\n');
    expect(out.stderr.toString()).toBe('\x1b[1;31mdatabase\x1b[0m | signalbox: no\n');
  });

  it.each([[{ TERM: 'xterm', NO_COLOR: '1' }], [{ TERM: 'dumb' }]])('has no colour with %j', (env) => {
    const { lines, out } = open({ isTTY: true, env });
    lines.write('web-1', 'stdout', Buffer.from('x\n'));
    expect(out.stdout.toString()).toBe('web-1    | x\n');
  });

  it('prints a line without an end in pieces, and cuts no character', () => {
    const { lines, out } = open();
    const text = `x${'ü'.repeat(50_000)}`;
    lines.write('web-1', 'stdout', Buffer.from(text));
    lines.end('web-1');
    const pieces = out.stdout.toString().trimEnd().split('\n');
    expect(pieces.length).toBe(2);
    expect(pieces.map((piece) => piece.slice('web-1    | '.length)).join('')).toBe(text);
  });

  it('holds what comes while there is a question, in order, up to a bound', () => {
    const { lines, out } = open();
    lines.hold();
    lines.write('web-1', 'stdout', Buffer.from('one\n'));
    lines.note('web-1', 'two');
    expect([out.stdout.length, out.stderr.length]).toEqual([0, 0]);
    lines.release();
    expect([`${out.stdout}`, `${out.stderr}`]).toEqual(['web-1    | one\n', 'web-1    | two\n']);
    lines.hold();
    const line = Buffer.from(`${'x'.repeat(60_000)}\n`);
    const before = out.stdout.length;
    for (let count = 0; count < 60; count += 1) lines.write('web-1', 'stdout', line);
    expect(out.stdout.length).toBe(before);
    for (let count = 0; count < 10; count += 1) lines.write('web-1', 'stdout', line);
    expect(out.stdout.length).toBe(before + 70 * (line.length + 'web-1    | '.length));
  });
});
