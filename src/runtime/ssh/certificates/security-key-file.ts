/**
 * A key file of a security key (FIDO): it holds only a handle, which OpenSSH's own ssh-agent takes to the device. For one login an agent of our own
 * is started with this key alone, in a folder that nobody else can enter. It knows nothing of servers' answers.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../../../base/clock.ts';
import { type Disposable, toDisposable } from '../../../base/lifecycle.ts';
import { OperationError } from '../../../core/codes.ts';
import { limits } from '../../../core/limits.ts';
import type { AuthChoice } from '../../../core/login/auth-choice.ts';
import { toLocalEnvironment } from '../../local-commands/local-environment.ts';
import type { KeyFile } from '../key-file.ts';
import { makeLoginFolder } from '../login-folder.ts';
import { type KeyContext, revealPassphrase } from '../private-key.ts';
import { AgentClient } from './agent-client.ts';
import { readOpenSshKey, toOpenSshKey } from './open-ssh-key.ts';

/** Whether a key file names a key on a security key. */
export function isOfSecurityKey({ bytes }: KeyFile): boolean {
  return toOpenSshKey(bytes.toString('latin1'))?.type.startsWith('sk-') === true;
}

export interface SecurityKeyContext extends KeyContext {
  readonly clock: Clock;
  /** What is to end with the login. */
  readonly onStarted: (lifetime: Disposable) => void;
}

/** An agent that holds it until the login has ended. Throws CREDENTIALS_UNAVAILABLE. */
export async function loadSecurityKey(
  choice: Pick<AuthChoice & { kind: 'privateKey' }, 'privateKeyPath' | 'passphrase'>,
  context: SecurityKeyContext,
): Promise<AgentClient> {
  const path = choice.privateKeyPath;
  const isProtected = (await readOpenSshKey(path))?.isProtected === true;
  const passphrase = isProtected ? await revealPassphrase(choice, context) : null;
  const folder = await makeLoginFolder('security-key');
  const env = toLocalEnvironment(process.env, context.secretVariables ?? []);
  const started: Disposable[] = [];
  const end = toDisposable(() => {
    for (const each of started.reverse()) each.dispose();
    void rm(folder, { recursive: true, force: true });
  });
  try {
    const socket = join(folder, 'agent');
    started.push(await startAgent(socket, env));
    await addKey({ path, socket, folder, env }, passphrase);
    context.onStarted(end);
    return new AgentClient(socket, context.clock);
  } catch (error) {
    end.dispose();
    if (error instanceof OperationError) throw error;
    context.passphrases.forget(path);
    const wrong = isProtected ? 'its passphrase may be wrong, or ' : '';
    throw new OperationError(
      'CREDENTIALS_UNAVAILABLE',
      `The security key of ${path} could not be used: ${wrong}OpenSSH's ssh-agent and ssh-add are not here or cannot use such keys. ` +
        `Try \`ssh-add ${path}\`.`,
      { cause: error },
    );
  }
}

/** The agent lives as long as the command it was started with, which ends with this process or when its input does. */
async function startAgent(socket: string, env: NodeJS.ProcessEnv): Promise<Disposable> {
  const { SSH_SK_PROVIDER: provider } = env;
  const command = ['/bin/sh', '-c', 'echo "$SSH_AGENT_PID"; read -r never'];
  const child = spawn('ssh-agent', [...(provider ? ['-P', provider] : []), '-a', socket, ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  child.stdin.on('error', () => undefined);
  // Also rejects when the program is not there.
  const failed = once(child, 'exit').then(() => {
    throw new Error('The agent ended at once.');
  });
  const [line]: unknown[] = await Promise.race([once(child.stdout, 'data'), failed]);
  failed.catch(() => undefined);
  const pid = Number(String(line).trim());
  return toDisposable(() => {
    child.stdin.end();
    if (!Number.isSafeInteger(pid) || pid <= 1) return;
    try {
      process.kill(pid);
    } catch {
      // It has ended.
    }
  });
}

interface Adding {
  readonly path: string;
  readonly socket: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A passphrase goes through a pipe with a name, never through arguments, the environment or a file. */
async function addKey({ path, socket, folder, env: own }: Adding, passphrase: string | null): Promise<void> {
  const env: NodeJS.ProcessEnv = { ...own, SSH_AUTH_SOCK: socket };
  let answering: Promise<void> = Promise.resolve();
  if (passphrase !== null) {
    const [pipe, script] = [join(folder, 'answer'), join(folder, 'ask')];
    await promisify(execFile)('mkfifo', ['-m', '600', pipe]);
    // Asked a second time, it has no other answer.
    const lines = ['#!/bin/sh', `mkdir '${folder}/asked' || exit 1`, `exec cat '${pipe}'`, ''];
    await writeFile(script, lines.join('\n'), { mode: 0o700 });
    Object.assign(env, { SSH_ASKPASS: script, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: env['DISPLAY'] ?? ':' });
    answering = answer(pipe, passphrase);
  } else Object.assign(env, { SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force' });
  const adding = promisify(execFile)('ssh-add', ['-q', path], {
    ...{ env, timeout: limits.connectReadyTimeoutMs, killSignal: 'SIGKILL' as const },
  });
  try {
    await adding;
  } finally {
    // Whoever waits at the other end of the pipe, nobody will come any more.
    if (passphrase !== null) await release(join(folder, 'answer'));
    await answering.catch(() => undefined);
  }
}

async function answer(pipe: string, passphrase: string): Promise<void> {
  const handle = await open(pipe, 'w');
  try {
    await handle.writeFile(`${passphrase}\n`);
  } finally {
    await handle.close();
  }
}

/** Opens the pipe for both, which waits for nobody, so that an open for writing ends. */
async function release(pipe: string): Promise<void> {
  await (await open(pipe, 'r+')).close();
}
