/** The argv of an allowed recursive search, run by the real grep over a tree full of secrets: none of them may come out. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sensitiveFileNames, sensitiveFolderNames, sensitiveReason } from '../../../src/core/policy/sensitive-paths.ts';
import { decideWords } from './set-up.ts';

let root: string;
const ordinary = ['app/main.conf', 'app/surroundings.txt', 'app/keys.md', 'app/sub/readme', 'app/privates/a'];
const samples = [
  ...sensitiveFileNames.map(
    (name) => `app/${name.replaceAll('*', 'x').replace(/\[(?:[-]|(.))[^\]]*\]/, (_set, first = '.') => first)}`,
  ),
  ...sensitiveFolderNames.map((name) => `app/${name.replaceAll('*', 'x')}/deep/file`),
  'app/.env',
  'app/sub/.env.local',
  'app/.ssh/any-name',
  ...['app/WEB.PEM', 'app/Id_Rsa', 'app/.ENV', 'app/sub/Credentials.JSON', 'app/.SSH/any-name'],
];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-search-'));
  for (const path of [...ordinary, ...samples]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `needle in ${path}\n`);
  }
  symlinkSync(join(root, 'app/.env'), join(root, 'app/link'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a recursive grep', () => {
  it.each([
    [['-r', 'needle']],
    [['-rn', '--include=.env', 'needle']],
    [['-r', '--include=*', 'needle']],
    [['-re', 'needle']],
    [['-rh', '--exclude=nothing', 'needle']],
    [['-rl', 'needle']],
  ])('with %j never reads a sensitive file', (options) => {
    const { outcome, argv } = decideWords(['grep', ...options, join(root, 'app')]);
    expect(outcome).toBe('auto-allow');
    const [program = '', ...args] = argv ?? [];
    const found = spawnSync(program, args, { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line !== '');
    const leaked = samples.filter((path) => found.some((line) => line.includes(path)));
    expect(leaked).toEqual([]);
    if (!options.includes('--include=.env')) expect(found.length).toBe(ordinary.length);
  });

  it('finds options behind the operands, too', () => {
    const { argv } = decideWords(['grep', 'needle', join(root, 'app'), '-r', '--include=.env']);
    const [program = '', ...args] = argv ?? [];
    expect(spawnSync(program, args, { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('sensitive names', () => {
  it.each(samples)('are known: %s', (path) => {
    expect(sensitiveReason(`/srv/${path}`, [])).not.toBeNull();
  });

  it.each([
    ...ordinary,
    'home/a/.ssh/id_rsa.pub',
    'home/a/.ssh/known_hosts',
    'etc/passwd',
    'etc/hosts',
    'var/log/auth.log',
  ])('are not everything: %s', (path) => {
    expect(sensitiveReason(`/${path}`, [])).toBeNull();
  });
});
