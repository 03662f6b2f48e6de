/**
 * Runs a program of OpenSSH that evaluates the ssh configuration, with a shell of ours in place of the user's: `Match exec` is given to $SHELL,
 * and that one runs what was allowed, word for word, and nothing else. So nothing has to be guessed from the configuration, and what
 * an allowed command brings to light is held back as well.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { preparePrivateFolder } from '../paths.ts';
import { toLocalEnvironment } from './local-environment.ts';
import { signalGroup, watchGroup } from './process-group.ts';

export interface GatedRun {
  readonly stdout: string;
  /** Without the lines of the gate. */
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly isLate: boolean;
  /** Commands that were not run, since they are not among the allowed; then nothing else of the answer counts. */
  readonly withheld: readonly string[];
}

export interface ShellGate {
  /** Rejects with what the system says when the program cannot be started (ENOENT). */
  run(program: string, args: readonly string[], allowed: readonly string[]): Promise<GatedRun>;
}

export interface ShellGateOptions {
  /** A private one, in which the shell of ours is written when it is first needed. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Names of variables that hold secrets of servers. */
  readonly secretVariables: () => readonly string[];
}

export function createShellGate({ folder, env, secretVariables }: ShellGateOptions): ShellGate {
  let gate: Promise<string> | null = null;
  return {
    async run(program, args, allowed) {
      gate ??= writeGate(folder);
      const shell = await gate.catch(() => {
        gate = null;
        return noShell;
      });
      const mark = `signalbox-withheld-${randomBytes(8).toString('hex')}`;
      const words = Object.fromEntries(allowed.map((text, at) => [`SIGNALBOX_GATE_${at + 1}`, text]));
      const result = await runGroup(program, args, {
        ...toLocalEnvironment(env, secretVariables()),
        ...words,
        SHELL: shell,
        SIGNALBOX_GATE_COUNT: String(allowed.length),
        SIGNALBOX_GATE_MARK: mark,
        SIGNALBOX_GATE_SHELL: env.SHELL || '/bin/sh',
      });
      const lines = result.stderr.split('\n');
      return {
        ...result,
        stderr: lines.filter((line) => !line.startsWith(mark)).join('\n'),
        withheld: [
          ...new Set(lines.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(mark.length + 1))),
        ],
      };
    },
  };
}

/** ssh calls it as `shell -c TEXT`. What it runs sees the user's own shell, and none of our variables. */
const script = `#!/bin/sh
# The shell that signalbox gives to ssh: it runs those commands of "Match exec" that were allowed, and reports the others.
at=$SIGNALBOX_GATE_COUNT
while [ "$at" -gt 0 ]; do
  eval "allowed=\\$SIGNALBOX_GATE_$at"
  if [ "$2" = "$allowed" ]; then
    SHELL=$SIGNALBOX_GATE_SHELL
    at=$SIGNALBOX_GATE_COUNT
    while [ "$at" -gt 0 ]; do
      unset "SIGNALBOX_GATE_$at"
      at=$((at - 1))
    done
    unset SIGNALBOX_GATE_COUNT SIGNALBOX_GATE_MARK SIGNALBOX_GATE_SHELL
    exec "$SHELL" -c "$2"
  fi
  at=$((at - 1))
done
printf '%s %s\\n' "$SIGNALBOX_GATE_MARK" "$2" >&2
exit 1
`;

/** Where ours cannot be written: ssh ends with an error as soon as it needs a shell. */
const noShell = '/dev/null/no-shell';

async function writeGate(folder: string): Promise<string> {
  // Nobody else may put anything there.
  preparePrivateFolder(folder);
  const path = join(folder, 'match-exec-gate');
  const isThere = await readFile(path, 'utf8').then(
    async (text) => text === script && ((await stat(path)).mode & 0o777) === 0o700,
    () => false,
  );
  if (isThere) return path;
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, script, { mode: 0o700, flag: 'wx' });
  await chmod(temporary, 0o700);
  await rename(temporary, path);
  return path;
}

function runGroup(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Omit<GatedRun, 'withheld'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      cwd: userInfo().homedir || homedir(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    watchGroup(child);
    let isLate = false;
    const end = (): void => signalGroup(child.pid, 'SIGKILL');
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, limits.sshConfigTimeoutMs);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (chunk: string) => {
        texts[name] += chunk;
        if (texts[name].length > limits.configFileBytesMax) end();
      });
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ ...texts, status, isLate });
    });
  });
}
