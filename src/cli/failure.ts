/** Ends a command that failed: one sentence on stderr, the same as JSON on stdout when that was asked for, and the exit status. */
import { CommanderError } from 'commander';
import { type Code, codes, OperationError } from '../core/codes.ts';
import { exitCodes, toExitCode } from './exit-codes.ts';
import { type CliIo, printNote } from './output.ts';
import { toSafeJson, toSafeSentence, toSafeText } from './safe-text.ts';

/** Returns the exit status. Usage errors were already printed by the parser. */
export function reportFailure(error: unknown, io: CliIo, options: { readonly json: boolean }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  const { code, message, outcomeUnknown } = toProblem(error);
  // A message may quote a file or a server: it reaches the terminal escaped.
  printNote(io, `signalbox: ${toSafeSentence(message)}`);
  if (options.json) {
    const data = error instanceof OperationError ? error.data : undefined;
    io.stdout.write(`${toSafeJson({ status: 'error', code, message, ...(data ? { data } : {}) })}\n`);
  }
  if (code === 'INTERNAL' && io.env.SIGNALBOX_DEBUG && error instanceof Error)
    io.stderr.write(`${toSafeText(error.stack ?? '')}\n`);
  return toExitCode(code, { outcomeUnknown });
}

function toProblem(error: unknown): Pick<OperationError, 'code' | 'message' | 'outcomeUnknown'> {
  if (error instanceof OperationError) return error;
  if (error instanceof Error && 'code' in error && isCode(error.code)) {
    // What the host answered, or why it could not be reached, comes as the client's own error with the same codes.
    // When the line to the host broke, nobody has said what was done before.
    return { code: error.code, message: error.message, outcomeUnknown: error.code === 'CONNECTION_LOST' };
  }
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'INTERNAL',
    message: `Something went wrong that should not (${said}); set SIGNALBOX_DEBUG=1 to see where, and report it.`,
    outcomeUnknown: false,
  };
}

function isCode(value: unknown): value is Code {
  return codes.some((code) => code === value);
}
