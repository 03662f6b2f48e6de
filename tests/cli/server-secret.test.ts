/** A password or passphrase that `signalbox server add|edit` reads from standard input: where it ends up, and where it never shows. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../runtime/registry/workbench.ts';
import { type CliRun, runInProcess } from './run.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

function signalbox(words: string, stdin: string): Promise<CliRun> {
  const env = { ...bench.env, SIGNALBOX_SSH_CONFIG: bench.sshConfigFile };
  return runInProcess(words.split(' '), { env, cwd: bench.folder, stdin });
}

const records = (): unknown => JSON.parse(readFileSync(bench.paths.serversFile, 'utf8'));
const add = 'server add w --host h --user u';

describe('a secret on standard input', () => {
  it.each<[string, string, object]>([
    [`${add} --secret-stdin --secret-in plain`, 'Geheim 1!\r\n', { kind: 'password', secret: 'Geheim 1!' }],
    [
      `${add} --secret-stdin --secret-in plain`,
      ' Geheim without a line end',
      { kind: 'password', secret: ' Geheim without a line end' },
    ],
    [
      `${add} --key /k --secret-stdin --secret-in plain`,
      'Geheim\nmore',
      { kind: 'privateKey', privateKeyPath: '/k', passphrase: 'Geheim' },
    ],
  ])('`%s` with %j is in a file of our own, and printed nowhere', async (words, stdin, auth) => {
    const added = await signalbox(words, stdin);
    expect(added.code).toBe(0);
    expect(records()).toMatchObject([{ auth }]);
    expect(statSync(bench.paths.serversFile).mode & 0o777).toBe(0o600);
    const shown = await signalbox('server show w --json', '');
    expect(shown.code).toBe(0);
    for (const text of [added.stdout, added.stderr, shown.stdout]) expect(text).not.toContain('Geheim');
  });

  it('takes the place of the one before', async () => {
    await signalbox(`${add} --password-env OLD`, '');
    expect((await signalbox('server edit w --secret-stdin --secret-in plain', 'new one\n')).code).toBe(0);
    expect(records()).toMatchObject([{ auth: { kind: 'password', secret: 'new one' } }]);
  });

  it.each([
    [`${add} --secret-stdin`, 'p\n', 'Say where the secret is kept: --secret-in vault'],
    [`${add} --secret-in vault`, '', 'belongs to --secret-stdin'],
    [`${add} --secret-stdin --secret-in plain`, '', 'found no line'],
    [`${add} --secret-stdin --secret-in plain`, '\nsecond line\n', 'found no line'],
    [`${add} --secret-stdin --secret-in plain --password-env X`, 'p\n', 'not two of them'],
    [`${add} --secret-stdin --secret-in plain --key /k --passphrase-command y`, 'p\n', 'not two of them'],
    [`${add} --secret-stdin --secret-in plain --agent`, 'p\n', 'one way to log in'],
    [`${add} --secret-stdin --secret-in plain`, 'p'.repeat(5_000), 'larger than'],
  ])('`%s` with %j is refused, and nothing is written', async (words, stdin, message) => {
    const run = await signalbox(words, stdin);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain(message);
    expect(existsSync(bench.paths.serversFile)).toBe(false);
  });
});
