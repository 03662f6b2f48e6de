/** Secrets from their sources, told to the redactor first; every refusal says what to do and nothing of the value. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import type { SecretSource } from '../../../src/core/server.ts';
import { createSecrets } from '../../../src/runtime/secrets/create-secrets.ts';

const env = { PATH: process.env.PATH ?? '', WEB_PASSWORD: 'from-env', EMPTY: '' };

function open(commandTimeoutMs = 90_000) {
  const held: string[] = [];
  const vault = { reveal: async (name: string) => `${name} of the vault` };
  const redactor = { hold: (value: string): void => void held.push(value) };
  return { held, secrets: createSecrets({ vault, redactor, env, commandTimeoutMs }) };
}

describe('reveal', () => {
  it.each<[string, SecretSource, string]>([
    ['plain text', 'as-it-is', 'as-it-is'],
    ['a variable', { env: 'WEB_PASSWORD' }, 'from-env'],
    ['the first line of a command', { command: ['printf', 'first\\nsecond\\n'] }, 'first'],
    ['a line with CR LF', { command: ['printf', 'first\\r\\n'] }, 'first'],
    ['an argv that no shell reads', { command: ['printf', '%s', '$WEB_PASSWORD; `id`'] }, '$WEB_PASSWORD; `id`'],
    ['a command that reads its stdin', { command: ['sh', '-c', 'cat; echo done'] }, 'done'],
  ])('gives %s', async (_name, source, value) => {
    const { held, secrets } = open();
    expect(await secrets.reveal(source, 'password of web-1')).toBe(value);
    expect(held).toEqual([value]);
  });

  it.each<[string, SecretSource, string]>([
    ['a variable that is not set', { env: 'ABSENT' }, 'ABSENT is not set; set it'],
    ['a variable that is empty', { env: 'EMPTY' }, 'EMPTY is empty'],
    ['a program that is not there', { command: ['/nonexistent/pass', 'show'] }, 'was not found'],
    ['a secret in the place of its command', { command: ['TOPSECRET'] }, 'not the secret itself'],
    ['a file that is no program', { command: ['/etc/passwd'] }, 'may not be executed'],
    ['a failing command', { command: ['sh', '-c', 'echo TOPSECRET; echo TOPSECRET >&2; exit 3'] }, 'exit status 3'],
    ['a silent command', { command: ['true'] }, 'printed nothing'],
    ['an empty first line', { command: ['printf', '\\nTOPSECRET\\n'] }, 'printed nothing'],
    ['a command that prints megabytes', { command: ['head', '-c', '1000000', '/dev/zero'] }, 'printed too much'],
    ['a command that kills itself', { command: ['sh', '-c', 'kill -9 $$'] }, 'ended by SIGKILL'],
  ])('refuses %s', async (_name, source, message) => {
    const { held, secrets } = open();
    const error = await secrets.reveal(source, 'password of web-1').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperationError);
    const refused = error as OperationError;
    expect(refused.code).toBe('CREDENTIALS_UNAVAILABLE');
    expect(refused.message).toContain('password of web-1');
    expect(refused.message).toContain(message);
    expect(refused.message).not.toContain('TOPSECRET');
    expect(refused.cause).toBeUndefined();
    expect(held).toEqual([]);
  });

  it('ends a command that takes too long, though a grandchild keeps its output open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-secrets-'));
    const [script, pidFile] = [join(folder, 'slow'), join(folder, 'pid')];
    writeFileSync(script, `#!/bin/sh\nsleep 600 &\necho $! > ${pidFile}.new; mv ${pidFile}.new ${pidFile}\nwait\n`);
    chmodSync(script, 0o700);
    try {
      // On a busy machine the script may be ended before it has come to the grandchild: then it gets more time.
      for (let timeoutMs = 200; !existsSync(pidFile); timeoutMs *= 2)
        await expect(open(timeoutMs).secrets.reveal({ command: [script] }, 'password')).rejects.toThrowError(
          `longer than ${timeoutMs / 1000} s`,
        );
      // The answer came while the grandchild still runs: signal 0 throws for a process that is gone.
      const grandchild = Number(readFileSync(pidFile, 'utf8'));
      expect(process.kill(grandchild, 0)).toBe(true);
      process.kill(grandchild, 'SIGKILL');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
