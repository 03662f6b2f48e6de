/** Says in one sentence why the snapshot store failed and what to do about it, from what git or the file system said. Mends nothing. */
import { OperationError } from '../../core/codes.ts';

/** The oldest git that knows `init --initial-branch`. */
export const gitVersionMin = '2.28';

const damaged =
  'put the folder back from a backup, or move it away to begin an empty one, from which older changes cannot be rolled back, then try again';

interface Kind {
  readonly pattern: RegExp;
  /** In place of what was said, where that is no sentence for people; null keeps it. */
  readonly reason: string | null;
  readonly advice: string;
}

/** The first that fits counts. */
const kinds: readonly Kind[] = [
  {
    pattern: /ENOSPC|no space left|out of diskspace/i,
    reason: 'no space is left on its disk',
    advice: 'make room there and try again; nothing needs to be started anew',
  },
  {
    pattern: /EDQUOT|quota/i,
    reason: 'the disk quota is used up',
    advice: 'make room there and try again; nothing needs to be started anew',
  },
  {
    pattern: /EROFS|read-only file system/i,
    reason: 'its file system is read-only',
    advice: 'make it writable and try again',
  },
  {
    pattern: /spawn git (?:ENOENT|EACCES)/,
    reason: 'git was not found in PATH',
    advice: `install git ${gitVersionMin} or newer and try again`,
  },
  {
    pattern: /git said nothing/i,
    reason: 'git did not answer in time',
    advice: 'see what holds it up, its disk or another program at work in the folder, then try again',
  },
  {
    pattern: /belongs to user \d+/,
    reason: null,
    advice: 'give the folder back to the user who runs signalbox (chown -R), then try again',
  },
  {
    pattern: /too old/,
    reason: null,
    advice: `install git ${gitVersionMin} or newer and try again`,
  },
  {
    pattern: /EACCES|EPERM|permission denied|insufficient permission/i,
    reason: null,
    advice: 'let the user who runs signalbox read and write the folder (chown -R, chmod -R u+rwX), then try again',
  },
  {
    pattern: /Unable to create '[^']*\.lock'|is locked/i,
    reason: null,
    advice: 'end the other git that works in the folder, or delete its lock when none runs, then try again',
  },
  {
    pattern: /^it is gone/,
    reason: null,
    advice:
      'put it back from a backup, or try again to begin an empty one, from which older changes cannot be rolled back',
  },
  { pattern: /EMFILE|ENFILE|EAGAIN|ENOMEM|cannot allocate|EIO/i, reason: null, advice: 'mend that and try again' },
  {
    pattern: /ENOTDIR|EEXIST|not a folder|not a directory/i,
    reason: 'something that is no folder stands in its place',
    advice: 'move that away and try again',
  },
  {
    pattern:
      /not a git repository|bad config|unexpected line|bad object|missing|corrupt|inflate|load tree|not updating|names no commit|broken/i,
    reason: null,
    advice: damaged,
  },
];

/** @param redact takes secrets out of what git said */
export function toStoreError(
  code: 'SNAPSHOT_FAILED' | 'SNAPSHOT_UNAVAILABLE',
  what: string,
  cause: unknown,
  redact: (text: string) => string,
): OperationError {
  if (cause instanceof OperationError) return cause;
  const said = toReason(cause instanceof Error ? cause.message : String(cause));
  const kind = kinds.find(({ pattern }) => pattern.test(said));
  const reason = redact(kind?.reason ?? said);
  return new OperationError(code, `${what} (${reason}); ${kind?.advice ?? 'mend that and try again'}.`, { cause });
}

/** Git prints what it did before what went wrong, and simple-git hands over both as one text. */
function toReason(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[0-9a-f]{40,64}$/.test(line));
  const [told] = [/^(?:fatal|error): /, /^warning: /, /./].flatMap((begin) => lines.filter((line) => begin.test(line)));
  return (told ?? 'git gave no reason').replace(/^(?:fatal|error|warning): (?:error: )?/, '');
}
