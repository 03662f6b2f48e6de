/** `server test`: connecting, step by step, in words for a person. It changes nothing on the server and leaves no connection behind. */
import { toMs } from '../../base/display/milliseconds.ts';
import { OperationError } from '../../core/codes.ts';
import { toClockSkew } from '../../core/facts/parse-facts.ts';
import { limits } from '../../core/limits.ts';
import type { ConnectionSource, TestStep } from '../../core/ports.ts';
import { toConnectSteps } from './connect-steps.ts';
import type { ConnectStory } from './connect-story.ts';
import type { Connection } from './connection.ts';
import { realPathOf } from './real-path.ts';
import { runCommand } from './run-command.ts';

/** Steps in order, up to the first that failed; what a failed step says is what to do about it. */
export async function testServer(
  connect: (story: ConnectStory) => Promise<Connection>,
  story: ConnectStory,
  source: ConnectionSource,
): Promise<readonly TestStep[]> {
  let settings: readonly TestStep[];
  try {
    // A missing agent or key is found before anything is asked over the network.
    await source.connection(story.target);
    settings = await toSettingsStep(story, source);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return [{ name: 'Settings', ok: false, detail: error.message }];
  }
  let connection: Connection;
  try {
    connection = await connect(story);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const steps = toConnectSteps(story, error);
    return steps.some(({ name }) => name === 'Settings') ? steps : [...settings, ...steps];
  }
  try {
    return [...settings, ...toConnectSteps(story, null), await tryCommand(connection), await tryFiles(connection)];
  } finally {
    connection.end();
  }
}

async function toSettingsStep({ target }: ConnectStory, source: ConnectionSource): Promise<readonly TestStep[]> {
  const account = await source.explain?.(target);
  if (account === undefined) return [];
  const { leftOut } = account;
  const names = leftOut.map(({ option }) => option).join(', ');
  const left = leftOut.length === 0 ? '' : `; left out: ${names}`;
  const why = leftOut.map(({ option, value, sentence }) => `${option} ${value} is left out. ${sentence}`);
  return [{ name: 'Settings', ok: true, detail: account.source + left, notes: [...account.notes, ...why] }];
}

/** What the account's shell is, the system, and the time there. */
const questions = 'echo "${SHELL##*/}"; uname -srm; date +%s';

async function tryCommand(connection: Connection): Promise<TestStep> {
  const name = 'Commands';
  const { clock } = connection;
  try {
    const [beganMs, beganAtMs] = [clock.monotonicMs(), clock.nowMs()];
    const outcome = await runCommand(
      connection,
      {
        command: { form: 'argv', argv: ['sh', '-c', questions] },
        cwd: null,
        timeoutMs: limits.sftpDeadlineMs,
        stdin: null,
        outputBytesMax: 4096,
      },
      new AbortController().signal,
    );
    const ms = clock.monotonicMs() - beganMs;
    const [shell = '', system = '', seconds = ''] = new TextDecoder().decode(outcome.stdout).split('\n');
    const skew = toSkewWords(toClockSkew(seconds, beganAtMs, clock.nowMs()) ?? 0);
    const detail = `${shell.trim() || 'an unknown shell'} on ${system.trim() || 'an unknown system'}${skew}`;
    return { name, ok: true, detail, ms, notes: [`a round trip takes ${toMs(connection.roundTripMs)}`] };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Clocks are compared in whole seconds, which is what every server prints. */
function toSkewWords(skewSeconds: number): string {
  if (Math.abs(skewSeconds) <= 2) return '';
  return `; its clock is ${Math.abs(skewSeconds)} s ${skewSeconds > 0 ? 'ahead' : 'behind'}`;
}

async function tryFiles(connection: Connection): Promise<TestStep> {
  const name = 'Files';
  const { clock } = connection;
  try {
    const beganMs = clock.monotonicMs();
    const sftp = await connection.sftp();
    const home = await realPathOf(sftp, '.');
    const ms = clock.monotonicMs() - beganMs;
    const how = sftp.hasPosixRename ? 'files are replaced in one step' : 'files are written in place, not in one step';
    const notes = [`extensions: ${sftp.extensions.join(', ') || 'none'}`];
    return { name, ok: true, detail: `SFTP from ${home}; ${how}`, ms, notes };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
