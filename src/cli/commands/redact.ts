/** `signalbox redact`: a filter that takes secrets out of a text, by the same rules as the audit log. Reads no file and asks no host. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from 'commander';
import { LineSplitter, LineTooLongError, toLine } from '../../base/ndjson.ts';
import { createRedactor } from '../../core/audit/create-redactor.ts';
import { createRedactionStream } from '../../core/audit/redaction-stream.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf } from '../output.ts';

export function register(program: Command): void {
  program
    .command('redact')
    .description('take secrets out of standard input')
    .option('--json', 'read one {"text"} a line and answer one {"text","count"} a line, in order')
    .addHelpText(
      'after',
      '\nExamples:\n  journalctl -u app | signalbox redact\n  echo \'{"text":"token=abc123"}\' | signalbox redact --json\n',
    )
    .action(async (options: { json?: true }, command: Command) => {
      const io = ioOf(command);
      if (options.json) await redactLines(io);
      else await redactText(io);
    });
}

/** Text comes out as it arrives, a line at a time; a key block waits for its end. Bytes that are not UTF-8 come out as U+FFFD. */
async function redactText(io: CliIo): Promise<void> {
  const stream = createRedactionStream(createRedactor({ key: randomBytes(32) }));
  const decoder = new StringDecoder('utf8');
  for await (const chunk of io.stdin) await write(io, stream.push(decoder.write(toBuffer(chunk))));
  await write(io, stream.push(decoder.end()) + stream.end());
}

async function redactLines(io: CliIo): Promise<void> {
  const redactor = createRedactor({ key: randomBytes(32) });
  const splitter = new LineSplitter(limits.protocolMessageCharactersMax);
  let number = 0;
  const answer = async (lines: readonly string[]): Promise<void> => {
    for (const line of lines) {
      number += 1;
      const text = toText(line);
      if (text === null) io.exitCode = exitCodes.usage;
      await write(
        io,
        toLine(text === null ? { error: `Line ${number} is not a JSON object with a "text".` } : redactor.redact(text)),
      );
    }
  };
  try {
    for await (const chunk of io.stdin) await answer(splitter.push(toBuffer(chunk)));
    await answer(splitter.push(Buffer.from('\n')));
  } catch (error) {
    if (error instanceof LineTooLongError) throw new OperationError('TOO_LARGE', `${error.message} Send it in parts.`);
    throw error;
  }
}

function toText(line: string): string | null {
  try {
    const value = JSON.parse(line) as { text?: unknown } | null;
    return typeof value?.text === 'string' ? value.text : null;
  } catch {
    // Answered as such, in its place in the order.
    return null;
  }
}

function toBuffer(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk), 'utf8');
}

async function write(io: CliIo, text: string): Promise<void> {
  if (text !== '' && !io.stdout.write(text)) await once(io.stdout, 'drain');
}
