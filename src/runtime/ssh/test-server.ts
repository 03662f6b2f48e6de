/** `server test`: connecting, step by step, in words for a person. It changes nothing on the server and leaves no connection behind. */
import { type Code, OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { TestStep } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import type { Connection } from './connection.ts';
import { realPathOf } from './real-path.ts';
import { runCommand } from './run-command.ts';

/**
 * Steps in order, up to the first that failed; what a failed step says is what to do about it. `through` names the jump hosts on the way.
 */
export async function testServer(
  connect: () => Promise<Connection>,
  target: Target,
  through: () => Promise<readonly string[]>,
): Promise<readonly TestStep[]> {
  let jumps: readonly string[];
  try {
    jumps = await through();
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    // Nothing was asked over the network yet: a missing agent or key is found first.
    return [{ name: 'Settings', ok: false, detail: error.message }];
  }
  let connection: Connection;
  try {
    connection = await connect();
  } catch (error) {
    return toFailedSteps(error, target);
  }
  try {
    const way = jumps.length === 0 ? '' : `, through ${jumps.join(' and ')}`;
    return [
      {
        name: 'Network',
        ok: true,
        detail: `${target.host}:${target.port} answers as an SSH server${way}${toTransportWords(connection)}.`,
      },
      { name: 'Host key', ok: true, detail: toHostKeyWords(connection) },
      { name: 'Login', ok: true, detail: toLoginWords(connection) },
      await tryCommand(connection),
      await tryFiles(connection),
    ];
  } finally {
    connection.end();
  }
}

/** Only where it is not the SSH of this program. */
function toTransportWords({ made: { system } }: Connection): string {
  return system === null ? '' : `, over the system's ssh (${system.program}): ${system.because}`;
}

function toHostKeyWords({ hostKey, made: { authority } }: Connection): string {
  if (authority === null) return `The key ${hostKey} is known.`;
  return `The key ${hostKey} is certified by the authority ${authority} of your known_hosts.`;
}

function toLoginWords({ target, made: { login } }: Connection): string {
  return `Logged in as ${target.username}${login === null ? '' : ` with ${login}`}.`;
}

function passed(target: Target): readonly TestStep[] {
  return [
    { name: 'Network', ok: true, detail: `${target.host}:${target.port} answers as an SSH server.` },
    { name: 'Host key', ok: true, detail: 'The host key is trusted.' },
    { name: 'Login', ok: true, detail: `Logged in as ${target.username}.` },
  ];
}

/** The step at which connecting stopped, from its code; the ones before it passed. */
function toFailedSteps(error: unknown, target: Target): readonly TestStep[] {
  if (!(error instanceof OperationError)) throw error;
  // Whether the server itself answers is not known then.
  if (error.data?.jump !== undefined) return [{ name: 'Jump host', ok: false, detail: error.message }];
  const at = stepOf(error.code);
  if (at === null) return [{ name: 'Settings', ok: false, detail: error.message }];
  const steps = passed(target);
  return steps
    .slice(0, at + 1)
    .map((step, index) => (index === at ? { ...step, ok: false, detail: error.message } : step));
}

function stepOf(code: Code): number | null {
  if (code === 'UNREACHABLE' || code === 'TIMEOUT' || code === 'CONNECTION_LOST') return 0;
  if (code === 'HOST_KEY_UNKNOWN' || code === 'HOST_KEY_CHANGED') return 1;
  if (code === 'AUTH_FAILED' || code === 'CREDENTIALS_UNAVAILABLE') return 2;
  return null;
}

async function tryCommand(connection: Connection): Promise<TestStep> {
  const name = 'Commands';
  const beganMs = connection.clock.monotonicMs();
  try {
    const outcome = await runCommand(
      connection,
      {
        command: { form: 'argv', argv: ['uname', '-sr'] },
        cwd: null,
        timeoutMs: limits.sftpDeadlineMs,
        stdin: null,
        outputBytesMax: 4096,
      },
      new AbortController().signal,
    );
    const tookMs = Math.round(connection.clock.monotonicMs() - beganMs);
    const system = new TextDecoder().decode(outcome.stdout).trim() || 'an unknown system';
    return { name, ok: true, detail: `A command ran in ${tookMs} ms; the server runs ${system}.` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function tryFiles(connection: Connection): Promise<TestStep> {
  const name = 'Files';
  try {
    const sftp = await connection.sftp();
    const home = await realPathOf(sftp, '.');
    const how = sftp.hasPosixRename ? 'files are replaced in one step' : 'files are written in place, not in one step';
    return { name, ok: true, detail: `The file service works from ${home}; ${how}.` };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
