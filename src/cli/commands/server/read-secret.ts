/** A password or passphrase that is handed over on standard input, so that it stands in no argument and no variable. */
import { OperationError } from '../../../core/codes.ts';
import type { CliIo } from '../../output.ts';
import { readInput } from '../../read-input.ts';

/** More than any password; what is longer is another file. */
const bytesMax = 4096;

/** Its first line; null when none was asked for. Throws INVALID_ARGUMENT for an empty one. */
export async function readSecret(io: CliIo, isWanted: true | undefined): Promise<string | null> {
  if (!isWanted) return null;
  const text = Buffer.from(await readInput(io, undefined, bytesMax)).toString('utf8');
  const line = text.split('\n', 1)[0]?.replace(/\r$/, '') ?? '';
  if (line === '')
    throw new OperationError(
      'INVALID_ARGUMENT',
      '--secret-stdin found no line on standard input; write the secret there.',
    );
  return line;
}
