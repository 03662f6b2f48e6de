/** What went wrong with an agent, in one sentence for a person: its own error answers, and how its process ended. */
import { constants } from 'node:os';
import { RequestError } from '@agentclientprotocol/sdk';
import { OperationError } from '../../core/codes.ts';
import type { ProcessExit } from './agent-process.ts';
import { fieldsOf, textOf } from './fields.ts';

/** The protocol's code for "log in first" (authRequired of the SDK). */
const authRequiredCode = -32000;
const wordsMax = 2_000;
/** `Error: …`, `TypeError [CODE]: …`, `ValueError: …`, `panic: …`, `error: …` at the start of a line. */
const errorLine =
  /^\s{0,8}(?:Uncaught )?(?:[A-Z][A-Za-z]{0,60}(?:Error|Exception)|[Ee]rror|ERROR|panic|fatal)(?: \[[A-Z_]{1,60}\])?: \S/;

/** What is needed of a profile to say what to do. */
export interface AgentNames {
  readonly id: string;
  readonly label: string;
  readonly origin: 'built-in' | 'agents.json' | 'command line';
}

/** Null for errors that are no answer of the agent. */
export function toAgentError(error: unknown, { id, label, origin }: AgentNames): OperationError | null {
  if (!(error instanceof RequestError)) return null;
  const data = fieldsOf(error.data);
  const more = textOf(error.data) ?? textOf(data.details) ?? textOf(data.message) ?? textOf(data.reason);
  const words = (more === null ? error.message : `${error.message}: ${more}`).slice(0, wordsMax);
  // The code is also the first of those that anybody may use, so the words decide.
  if (error.code === authRequiredCode && /auth|log ?in|sign ?in|api ?key|credential/i.test(words)) {
    // One that was given as a command line is in no catalogue, so only its own program can log it in.
    const how =
      origin === 'command line' ? 'Log in with its own program.' : `Run \`signalbox agent login ${id}\` to log in.`;
    const sentence = `${label} needs a login first: ${words.replace(/[.!?]?$/, '.')} ${how}`;
    return new OperationError('CREDENTIALS_UNAVAILABLE', sentence, { cause: error });
  }
  return new OperationError('INTERNAL', `${label} reports an error: ${words}`, { cause: error });
}

/** "status 1: last lines of stderr"; the line that names an error comes first when the last ones are only where it happened. */
export function toExitWords(exit: ProcessExit, lastWords: string): string {
  const how = exit.signal ? `signal ${exit.signal}` : exit.code === null ? 'it never ran' : toStatusWords(exit.code);
  const lines = lastWords.split('\n');
  const last = lines.slice(-5);
  const naming = lines.findLast((line) => errorLine.test(line));
  const words = (naming === undefined || last.includes(naming) ? last : [naming, ...last])
    .join('\n')
    .slice(0, wordsMax);
  return words === '' ? `${how}, without a word on stderr.` : `${how}: ${words}`;
}

/** Bubblewrap and shells turn the signal that ended their program into 128 + its number; 137 is how running out of memory looks. */
function toStatusWords(code: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name === undefined ? `status ${code}` : `status ${code}, as after signal ${name}`;
}
