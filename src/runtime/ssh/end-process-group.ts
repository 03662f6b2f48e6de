/** Ending a running command on its server: TERM, a grace, KILL, over a second channel. It knows nothing of why. */
import type { ClientChannel } from 'ssh2';
import { limits } from '../../core/limits.ts';
import type { Connection } from './connection.ts';

/**
 * Resolves once the command's channel has closed, or with `still-open` when KILL did not close it in time (a process has left the group
 * and holds the streams, or the server no longer answers); the channel is then closed from this side.
 * Signal requests of the protocol are no use here: OpenSSH refuses them for root, and none may follow the end of the input.
 */
export async function endProcessGroup(
  connection: Connection,
  channel: ClientChannel,
  processGroup: () => number | null,
): Promise<'closed' | 'still-open'> {
  const closed = new Promise<'closed'>((resolve) => {
    channel.once('close', () => resolve('closed'));
  });
  const within = (delayMs: number): Promise<'closed' | 'still-open'> =>
    Promise.race([
      closed,
      new Promise<'still-open'>((resolve) => {
        connection.clock.after(delayMs, () => resolve('still-open'));
      }),
    ]);

  if (processGroup() === null) await within(launchWaitMs);
  await sendSignal(connection, processGroup(), 'TERM');
  const afterTerm = await within(limits.cancelGraceMs);
  // Also when the channel has closed: a child that ignores TERM and holds no stream would live on unseen.
  await sendSignal(connection, processGroup(), 'KILL');
  if (afterTerm === 'closed' || (await within(limits.cancelGraceMs)) === 'closed') return 'closed';
  channel.close();
  return 'still-open';
}

/** The launch line is the first thing a command prints; one round trip is usually enough. */
const launchWaitMs = 500;

/** Best effort by nature: the group may be gone, or the connection. What counts is whether the channel closes. */
function sendSignal(connection: Connection, group: number | null, name: 'TERM' | 'KILL'): Promise<void> {
  if (group === null || group <= 1 || !connection.isOpen) return Promise.resolve();
  const script = `kill -s ${name} -- -${group} 2>/dev/null || kill -s ${name} ${group} 2>/dev/null`;
  return connection.spare.run(
    () =>
      new Promise<void>((resolve) => {
        const deadline = connection.clock.after(limits.cancelGraceMs, resolve);
        const finish = (): void => {
          deadline.dispose();
          resolve();
        };
        connection
          .start({ command: `exec /bin/sh -c '${script}'`, env: {} }, 'some', (channel) => {
            channel.on('close', finish).on('error', finish);
            channel.resume();
            channel.stderr.resume();
            channel.end();
          })
          .catch(finish);
      }),
  );
}
