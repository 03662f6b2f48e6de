/** What an agent says that it changes, as a unified diff for the eye. It is bounded and proves nothing: what was done, the log has. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Two texts that differ in more lines than this are not compared: it takes the square of that in steps, each time the agent repeats them. */
const editsMax = 1_000;

/**
 * @param before null for a file that is not there yet.
 * @param charactersMax of both texts, and of the diff. Null when there is more, or more different, than may be shown.
 */
export function toTextDiff(path: string, before: string | null, after: string, charactersMax: number): string | null {
  if ((before?.length ?? 0) + after.length > charactersMax) return null;
  const old = before === null ? '/dev/null' : path;
  const patch = createTwoFilesPatch(old, path, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
    // A file that is new differs in all its lines, which takes one step a line.
    ...(before === null ? {} : { maxEditLength: editsMax }),
  });
  return patch === undefined || patch.length > charactersMax ? null : patch;
}
