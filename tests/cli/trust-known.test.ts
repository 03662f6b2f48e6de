/** Host keys that the user's own ssh knows, taken over after they were shown: of a server and of the jump hosts before it, and of nobody else. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRunOptions, runInProcess } from './run.ts';

let bench: Workbench;
let known: string;
beforeEach(() => {
  bench = openWorkbench();
  bench.writeGlobal([{ id: 'web-1', ssh: 'web', environment: 'staging' }]);
  known = bench.write(
    join(bench.folder, 'known_hosts'),
    `# mine\n[w.example]:2200 ${keyOf(1)}\nbastion,*.lan ${keyOf(2)}\nother ${keyOf(3)}\n` +
      `[w.example]:2200 ${keyOf(4)}\n@revoked * ${keyOf(4)}\n@cert-authority * ${keyOf(5)}\n`,
  );
  bench.writeSshConfig(
    `Host *\n UserKnownHostsFile ${known}\n GlobalKnownHostsFile none\nHost web\n HostName w.example\n Port 2200\n ProxyJump bastion\n`,
  );
});
afterEach(() => bench.dispose());

/** An ed25519 key of the given number, as known_hosts holds it. */
function keyOf(number: number): string {
  const type = Buffer.from('ssh-ed25519');
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, type.length]),
    type,
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, number),
  ]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}

const signalbox = (words: string, more: Partial<CliRunOptions> = {}) =>
  runInProcess(words.split(' '), {
    env: { ...bench.env, SIGNALBOX_SSH_CONFIG: bench.sshConfigFile },
    cwd: bench.folder,
    ...more,
  });
const trusted = (): string =>
  existsSync(bench.paths.knownHostsFile) ? readFileSync(bench.paths.knownHostsFile, 'utf8') : '';

describe('server trust-known', () => {
  it('shows the keys with where they are from, and trusts them after a yes', async () => {
    const run = await signalbox('server trust-known web-1', { answers: ['y'] });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('2 keys are trusted from now on.') });
    expect(run.stdout).toMatch(new RegExp(`bastion:22 +ssh-ed25519 +SHA256:\\S+ +${known} line 3\\n`));
    expect(run.stdout).toContain(`${known} line 2`);
    expect(trusted()).toBe(`bastion ${keyOf(2)}\n[w.example]:2200 ${keyOf(1)}\n`);
    expect((await signalbox('server trust-known --all')).stdout).toContain('no key of them that is not trusted');
  });

  it.each([
    ['a no', 'server trust-known web-1', { answers: ['n'] }, 130],
    ['nobody to ask', 'server trust-known --all', {}, 2],
    ['no name', 'server trust-known', { answers: ['y'] }, 2],
    ['a look', 'server trust-known --all --json', {}, 0],
  ])('trusts nothing after %s', async (_name, words, more, code) => {
    expect((await signalbox(words, more)).code).toBe(code);
    expect(trusted()).toBe('');
  });

  it('leaves a server alone of which another key is trusted here', async () => {
    bench.write(bench.paths.knownHostsFile, `[w.example]:2200 ${keyOf(9)}\n`);
    const { keys } = JSON.parse((await signalbox('server trust-known --all --yes --json')).stdout);
    expect(keys.map(({ host }: { host: string }) => host)).toEqual(['bastion']);
    expect(trusted()).toBe(`[w.example]:2200 ${keyOf(9)}\nbastion ${keyOf(2)}\n`);
  });
});
