/** The question at the terminal whether a host key that a server showed is the right one. It trusts nothing itself. */
import { escapeProse } from '../base/display/escape.ts';
import { OperationError } from '../core/codes.ts';
import { findTypedProblem, fingerprintCommand, typedCharacters, type UnknownKey } from '../protocol/unknown-key.ts';
import { askLine, askYes } from './ask.ts';
import { type CliIo, printExact, printNote } from './output.ts';

/** True once its fingerprint was read off, or, where the user's own ssh knows the key, after a yes. */
export async function askHostKey(io: CliIo, key: UnknownKey): Promise<boolean> {
  const { server, fingerprint, type, owner, knownTo } = key;
  const known = knownTo === null ? '' : `, but your ssh knows it (${escapeProse(knownTo)})`;
  printNote(io, `The host key of ${escapeProse(owner ?? server)} is not known here yet${known}:`);
  printExact(io.stderr, `\n  ${escapeProse(type === null ? fingerprint : `${type} ${fingerprint}`)}\n`);
  try {
    if (knownTo !== null) return await askYes(io, 'Trust it here, too?');
    printNote(io, 'Compare it with what that machine itself says on its console, not over the network:');
    printExact(io.stderr, `  ${fingerprintCommand}`);
    return await askTyped(io, fingerprint);
  } catch (error) {
    // Ctrl-C, or the end of the input: nobody has trusted it.
    if (error instanceof OperationError && error.code === 'CANCELLED') return false;
    throw error;
  }
}

async function askTyped(io: CliIo, fingerprint: string): Promise<boolean> {
  const question = `To trust it, type its last ${typedCharacters} characters (capitals count), or paste all of it; Enter alone leaves it: `;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const typed = await askLine(io, question, { escape: '' });
    if (typed === '') return false;
    const problem = findTypedProblem(typed, fingerprint);
    if (problem === null) return true;
    printNote(io, problem);
  }
  return false;
}

/** Whoever guesses has not read it. */
const triesMax = 3;
