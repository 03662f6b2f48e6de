/** `signalbox server secret` against a host: typed at the terminal unseen, printed nowhere, and what stands as plain text is moved. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { cliHost } from './cli-host.ts';

const passphrase = 'nine lives of a cat';

it('keeps, lists, moves and removes secrets, and no text has one', async () => {
  const { cli, parts, held } = await cliHost();
  const { serversFile, vaultFile } = parts.paths;
  const seen: string[] = [];
  const run = async (words: string, answers?: readonly string[], stdin = ''): Promise<string> => {
    const { code, stdout, stderr } = await cli(words.split(' '), { stdin, ...(answers ? { answers } : {}) });
    seen.push(stdout, stderr);
    return `${code} ${stdout}${stderr}`;
  };
  expect(await run('server secret list')).toContain('0 There is no vault yet');
  const made = await run('server secret set web', ['Geheim 1!', passphrase, passphrase]);
  expect(made).toContain('This needs a passphrase for a new vault.');
  expect(made).toContain('web is in the vault now.');
  expect(await parts.vault.reveal('web', 'x')).toBe('Geheim 1!');
  expect(await run('server secret list')).toBe('0 The vault is open and holds 1 secret.\nweb\n');
  expect(
    await run('server add nas --host h --user u --secret-stdin --secret-in vault', undefined, 'Geheim 2!\n'),
  ).toMatch(/^0 /);
  const again = await run(
    'server add nas --host h --user u --secret-stdin --secret-in vault',
    undefined,
    'Geheim 4!\n',
  );
  expect(again).toContain('already in');
  expect(JSON.parse(readFileSync(serversFile, 'utf8'))).toMatchObject([
    { auth: { secret: { vault: 'nas-password' } } },
  ]);
  expect(await parts.vault.reveal('nas-password', 'x')).toBe('Geheim 2!');
  expect(await run('server edit nas --secret-stdin --secret-in vault', undefined, 'Geheim 5!\n')).toMatch(/^0 /);
  expect(await parts.vault.reveal('nas-password', 'x')).toBe('Geheim 5!');
  expect(await run('server show nas')).toContain('password from nas-password of the vault');

  const key = { kind: 'privateKey', privateKeyPath: '/k', passphrase: 'Geheim 3!' };
  mkdirSync(dirname(serversFile), { recursive: true });
  writeFileSync(serversFile, JSON.stringify([{ id: 'old', host: 'h', username: 'u', auth: key }]), { mode: 0o600 });
  expect(await run('doctor')).toContain('signalbox server secret move');
  expect(await run('server secret move')).toBe('0 1 moved into the vault.\n');
  expect(JSON.parse(readFileSync(serversFile, 'utf8'))).toMatchObject([
    { auth: { passphrase: { vault: 'old-passphrase' } } },
  ]);
  expect(await parts.vault.reveal('old-passphrase', 'x')).toBe('Geheim 3!');
  expect(await run('server secret move')).toContain('No secret stands in servers.json');

  expect(await run('server secret remove web')).toBe('0 web is gone from the vault.\n');
  expect(await run('server secret remove web')).toContain('nothing named web');
  expect(await run('server secret set ../x --stdin', undefined, 'y\n')).toContain('must start with a letter or digit');
  expect(await run('server secret lock')).toContain('The vault is locked.');
  expect(await run('server secret list')).toContain('is locked');
  for (const text of [...seen, readFileSync(vaultFile, 'utf8')]) expect(text).not.toMatch(/Geheim|nine lives/);
  expect(held).toEqual(expect.arrayContaining(['Geheim 1!', 'Geheim 2!', 'Geheim 3!']));
});
