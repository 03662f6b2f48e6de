/** What commands print of foreign text: nothing acts on the terminal, JSON stays JSON, tables stay tables; every command has a row here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escapeActing } from '../../src/base/display/escape.ts';
import { textWidth } from '../../src/base/display/width.ts';
import { commandTable } from '../../src/cli/command-table.ts';
import { reportFailure } from '../../src/cli/failure.ts';
import { type CliIo, printLine, printNote, printTable } from '../../src/cli/output.ts';
import { toRunPrinter } from '../../src/cli/run-printer.ts';
import { toByteWriter, toSafeJson, toSafeLine, toSafeSentence, toSafeText } from '../../src/cli/safe-text.ts';
import { OperationError } from '../../src/core/codes.ts';
import { attackLine, attacks } from '../fixtures/attacks.ts';
import { makeText, makeTool } from '../fixtures/fake-host.ts';
import { type Cli, cliHost } from './cli-host.ts';

/** Line ends and tabs apart, nothing that a terminal acts upon, hides or reorders. */
const acting = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u00a0\u05d0\u3164\u115f]/u;

let host: Awaited<ReturnType<typeof cliHost>>;
let cli: Cli;
beforeAll(async () => {
  host = await cliHost();
  cli = host.cli;
});
afterAll(async () => await host.dispose());

/** A word of ours and the whole table of attacks, without what no argument can hold. */
const word = attackLine.replaceAll('\0', '');

/** Each command with foreign text wherever it takes some; it comes back in its output or in the sentence of its failure. */
const calls: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['attach', ['attach', word]],
  ['rename', ['rename', word, word]],
  ['kill', ['kill', word]],
  ['run', ['run', '--agent', word, '--server', word, word]],
  ['new', ['new', '--agent', word, '--server', word]],
  ['ls', ['ls']],
  ['session', ['session', 'list', '--all']],
  ['session', ['session', 'export', word]],
  ['session', ['session', 'search', word]],
  ['session', ['session', 'agent', word, word]],
  ['session', ['session', 'agent', word, '--command', `${word} x`]],
  ['session', ['session', 'start', word]],
  ['session', ['session', 'rename', word, word]],
  ['session', ['session', 'confirm', word, word]],
  ['session', ['session', 'resend', word]],
  ['waiting', ['waiting']],
  ['mcp', ['mcp', '--server', word]],
  ['exec', ['exec', word, '--', 'ls', word]],
  ['commands', ['commands', 'list']],
  ['commands', ['commands', 'follow', word]],
  ['file', ['file', 'read', 'web-1', word]],
  ['file', ['file', 'list', word, word]],
  ['approvals', ['approvals', 'list']],
  ['approvals', ['approvals', 'show', word]],
  ['approvals', ['approvals', 'deny', word, '--reason', word]],
  ['server', ['server', 'list']],
  ['server', ['server', 'show', word]],
  ['server', ['server', 'test', word]],
  ['server', ['server', 'remove', word, '--yes']],
  ['server', ['server', 'add', word, '--host', word]],
  ['agent', ['agent', 'list']],
  ['shell', ['shell', word]],
  ['agent', ['agent', 'show', word]],
  ['agent', ['agent', 'probe', word]],
  ['policy', ['policy', 'check', '--', 'ls', word]],
  ['policy', ['policy', 'check', `echo ${word}`]],
  ['policy', ['policy', 'check', '--server', word, 'ls']],
  ['policy', ['policy', 'validate', word]],
  ['audit', ['audit', 'list', '--server', word]],
  ['audit', ['audit', 'show', word]],
  ['audit', ['audit', 'diff', word]],
  ['audit', ['audit', 'history', word, word]],
  ['audit', ['audit', 'replay', word]],
  ['audit', ['audit', 'rollback', word]],
  ['redact', ['redact', word]],
  ['doctor', ['doctor', word]],
  ['keys', ['keys', word]],
  ['info', ['info', word]],
  ['completion', ['completion', word]],
  ['kill-host', ['kill-host', word]],
  ['demo', ['demo', word]],
  ['host', ['host', word]],
  ['demo-host', ['demo-host', word]],
  ['demo-agent', ['demo-agent', word]],
];
/** It speaks MCP on its streams and prints nothing but a sentence about its socket, whose path is escaped. */
const printsNothingForeign = ['mcp-bridge'];

describe('foreign text that a command names', () => {
  it.each(calls)('%s %j', async (_name, argv) => {
    for (const stdoutIsTerminal of [true, false]) {
      const { stdout, stderr } = await cli(argv, { stdoutIsTerminal });
      expect(acting.exec(stdout + stderr)?.[0]).toBeUndefined();
    }
  });

  it('has a row for every command there is', () => {
    const rows = new Set([...printsNothingForeign, ...calls.map(([name]) => name)]);
    expect(commandTable.map(({ name }) => name).filter((name) => !rows.has(name))).toEqual([]);
  });
});

function toIo(isTTY: boolean): CliIo & { readonly printed: () => string } {
  let printed = '';
  const stream = {
    isTTY,
    columns: 80,
    write: (text: string | Uint8Array) => (printed += Buffer.from(text).toString()),
  };
  const io = {
    stdin: process.stdin,
    stdout: stream,
    stderr: stream,
    env: { SIGNALBOX_DEBUG: '1' },
    cwd: '/',
    exitCode: 0,
  };
  return { ...(io as never as CliIo), printed: () => printed };
}

describe('what commands print with', () => {
  it.each([
    ['a line', (io: CliIo) => printLine(io, attackLine)],
    ['a note', (io: CliIo) => printNote(io, attackLine)],
    ['a table', (io: CliIo) => printTable(io, ['A', 'B'], [[attackLine, attackLine]])],
    ['a failure', (io: CliIo) => void reportFailure(new OperationError('CONFLICT', attackLine), io, { json: true })],
    ['a bug with its stack', (io: CliIo) => void reportFailure(new Error(attackLine), io, { json: false })],
    [
      'bytes of a server on a terminal',
      (io: CliIo) => {
        const writer = toByteWriter(io.stdout);
        for (const byte of Buffer.from(attackLine)) writer.write(Buffer.from([byte]));
        writer.end();
      },
    ],
    [
      'what an agent says on a terminal',
      (io: CliIo) => {
        const printer = toRunPrinter(io, 'text');
        for (const item of [
          makeText(1, 'agent', attackLine),
          makeText(2, 'notice', attackLine),
          makeTool(3, { title: attackLine, detail: attackLine, status: 'failed' }),
        ])
          printer.print('S1', { sessions: {} } as never, { type: 'item.added', session: 'S1', item });
      },
    ],
  ])('%s lets nothing act', (_name, print) => {
    const io = toIo(true);
    print(io);
    expect(io.printed()).toContain('\\x1b]52;c;');
    expect(acting.exec(io.printed())?.[0]).toBeUndefined();
  });

  it.each(attacks)('shows $name as its escape', ({ text, exact, prose = exact }) => {
    expect(toSafeLine(text)).toContain(prose);
    expect(toSafeText(text)).toContain(prose);
    expect(acting.exec(escapeActing(text))?.[0]).toBeUndefined();
  });

  it('gives JSON that reads back as what it was, and acts on nothing', () => {
    const well = attackLine.replaceAll('\ud800', '');
    for (const indent of [undefined, 2]) {
      const json = toSafeJson({ text: well }, indent);
      expect(JSON.parse(json)).toEqual({ text: well });
      expect(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(json)).toBe(false);
    }
  });

  it('keeps the columns of a table where wide letters are', () => {
    const io = toIo(true);
    printTable(
      io,
      ['NAME', 'NEXT'],
      [
        ['\u65e5\u672c\u8a9e', '|'],
        ['ascii', '|'],
      ],
    );
    const [, ...rows] = io.printed().trimEnd().split('\n');
    expect(new Set(rows.map((row) => textWidth(row.slice(0, row.indexOf('|'))))).size).toBe(1);
  });
});

describe('toSafeSentence', () => {
  it.each([
    ['status 3: no model\nat line 2\n', 'status 3: no model / at line 2'],
    ['  spaces stay spaces \r\n\n\tand so do tabs ', 'spaces stay spaces / and so do tabs'],
    ['one\twide', 'one wide'],
    ['\u001b[31mred\nnext', '\\x1b[31mred / next'],
    ['a\u2028b\rc', 'a\\u2028b\\x0dc'],
    ['', ''],
  ])('makes one line of %j', (text, line) => expect(toSafeSentence(text)).toBe(line));

  it('is what a failure prints', () => {
    const io = { stderr: { write: (text: string) => void printed.push(text) }, env: {} } as unknown as CliIo;
    const printed: string[] = [];
    reportFailure(new OperationError('CONNECTION_LOST', 'it ended:\n no memory '), io, { json: false });
    expect(printed).toEqual(['signalbox: it ended: / no memory\n']);
  });
});
