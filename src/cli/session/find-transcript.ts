/** Finds the session that a command names among all that left a transcript. */
import { OperationError } from '../../core/codes.ts';
import { listShelved, type ShelvedSession } from '../../host/sessions/session-shelf.ts';
import { toPaths } from '../../runtime/paths.ts';
import type { CliIo } from '../output.ts';
import { readLive } from './list-sessions.ts';

/** Throws INVALID_ARGUMENT for one that left nothing. */
export async function findTranscript(io: CliIo, id: string): Promise<ShelvedSession> {
  await readLive(io);
  const found = (await listShelved(toPaths(io.env).sessionsFolder)).find((one) => one.id === id);
  if (found) return found;
  throw new OperationError(
    'INVALID_ARGUMENT',
    `There is no session ${id}; \`signalbox session list --all\` shows all that are or were.`,
  );
}
