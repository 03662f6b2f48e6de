/**
 * An approved command: run, with the real paths of what it names looked up in flight and once more when it has ended. It knows
 * nothing of who approved it.
 */
import type { ExecAction } from '../../core/action.ts';
import { toCommandEnvironment } from '../../core/command-environment.ts';
import type { ExecOutcome, PerformSink } from '../../core/ports.ts';
import type { Connection } from './connection.ts';
import { realPathOf } from './real-path.ts';
import { runCommand } from './run-command.ts';

export interface ExecParts {
  readonly redeem: () => void;
  /** Null: sudo gets none. */
  readonly sudoPassword: string | null;
}

/**
 * `redeem` is called once, right before the command is sent. The sink has the real paths twice before this resolves: a link that was
 * set to another place between the first look and the command shows in the second. Whoever sets it there and back between the two,
 * on the server, is not seen.
 */
export async function performExec(
  connection: Connection,
  action: ExecAction,
  sink: PerformSink,
  signal: AbortSignal,
  { redeem, sudoPassword }: ExecParts,
): Promise<ExecOutcome> {
  let lookup: Promise<void> = Promise.resolve();
  const running = runCommand(
    connection,
    {
      command: action.command,
      cwd: action.cwd,
      timeoutMs: action.timeoutMs,
      stdin: action.stdin,
      outputBytesMax: action.outputBytesMax,
      env: toCommandEnvironment(connection.made.environment),
      ...(sudoPassword === null ? {} : { sudoPassword }),
      onStart() {
        redeem();
        lookup = tellRealPaths(connection, action.realPathsOf, sink);
      },
      ...(sink.onOutput ? { onOutput: (stream, chunk) => sink.onOutput?.(stream, chunk) } : {}),
      ...(sink.isBehind ? { isBehind: () => sink.isBehind?.() === true } : {}),
    },
    signal,
  );
  const [outcome, told] = await Promise.allSettled([
    running,
    running.then(async () => {
      await lookup;
      await tellRealPaths(connection, action.realPathsOf, sink);
    }),
  ]);
  if (outcome.status === 'rejected') {
    // The command's own failure is the one to tell; what the lookup said changes nothing.
    lookup.catch(() => undefined);
    throw outcome.reason;
  }
  if (told.status === 'rejected') throw told.reason;
  return outcome.value;
}

async function tellRealPaths(connection: Connection, paths: readonly string[], sink: PerformSink): Promise<void> {
  if (paths.length === 0) return;
  const sftp = await connection.sftp();
  const real = await Promise.all(paths.map((path) => realPathOf(sftp, path)));
  sink.onRealPaths?.(new Map(paths.map((path, index) => [path, real[index] ?? path])));
}
