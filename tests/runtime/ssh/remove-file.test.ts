/** Files removed on a real server: exactly the one that was approved, or nothing. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { beforeRequest } from './between.ts';
import { type FileLab, failure, sha256, shareFileLab } from './lab.ts';

describe.runIf(sshdRuns())('removing a file on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });
  const remove = (path: string, content = 'ours\n', removeFolders: readonly string[] = []) =>
    lab.perform(targetOf(sshd), { kind: 'remove-file', path, expectedSha256: sha256(content), removeFolders });

  it.each(['ours\n', '', 'x'.repeat(300_000)])('removes what has the expected content', async (content) => {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    linkSync(path, join(folder, 'other name'));
    expect(await remove(path, content)).toEqual({ kind: 'remove-file', removedFolders: [] });
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(folder, 'other name'), 'utf8')).toBe(content);
  });

  const refused: readonly (readonly [name: string, prepare: (path: string) => void, stays: string])[] = [
    ['other content', (path) => writeFileSync(path, 'theirs\n'), 'theirs\n'],
    ['one byte more', (path) => writeFileSync(path, 'ours\n\n'), 'ours\n\n'],
    [
      'a link to a file with the expected content',
      (path) => (writeFileSync(`${path}.real`, 'ours\n'), symlinkSync(`${path}.real`, path)),
      'ours\n',
    ],
    [
      'a link to a file elsewhere',
      (path) => (writeFileSync(`${path}.real`, 'theirs\n'), symlinkSync(`${path}.real`, path)),
      'theirs\n',
    ],
    ['no file', () => undefined, ''],
  ];
  it.each(refused)('removes nothing where it finds %s', async (_name, prepare, stays) => {
    const path = join(folder, 'file');
    prepare(path);
    await failure(remove(path), 'CONFLICT');
    if (stays !== '') expect(readFileSync(path, 'utf8')).toBe(stays);
  });

  it.each([
    ['into another size', 'theirs\n'],
    ['into one of the same size and time', 'Ours\n'],
  ])(
    'puts back what was changed right before it was taken away %s, and leaves nothing beside it',
    async (_how, text) => {
      const path = join(folder, 'file');
      writeFileSync(path, 'ours\n');
      const { atime, mtime } = statSync(path);
      beforeRequest('ext_openssh_rename', 1, () => (writeFileSync(path, text), utimesSync(path, atime, mtime)));
      const error = await failure(remove(path), 'CONFLICT').finally(() => vi.restoreAllMocks());
      expect([error.outcomeUnknown, error.message]).toEqual([false, expect.stringContaining('was not deleted')]);
      expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([text, ['file']]);
    },
  );

  it('takes no name that somebody else has put in its place', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'ours\n');
    // What is there changes before the move; its name is taken before it is put back.
    beforeRequest('ext_openssh_rename', 1, () => {
      writeFileSync(path, 'theirs\n');
      vi.restoreAllMocks();
      beforeRequest('rename', 1, () => writeFileSync(path, 'newer\n'));
    });
    const error = await failure(remove(path), 'CONFLICT').finally(() => vi.restoreAllMocks());
    expect(error.outcomeUnknown).toBe(true);
    const [, aside = ''] = /is at (\S+) now/.exec(error.message) ?? [];
    expect([readFileSync(path, 'utf8'), readFileSync(aside, 'utf8')]).toEqual(['newer\n', 'theirs\n']);
  });

  it('removes it where it stands when there can be no folder for it', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'ours\n');
    writeFileSync(join(folder, '.signalbox-p.tmp'), 'in the way');
    await remove(path);
    expect(readdirSync(folder)).toEqual(['.signalbox-p.tmp']);
  });

  it.each<[string, (a: string, b: string, c: string) => void, string]>([
    ['all of them when nothing else is in them', () => undefined, 'c b a'],
    ['none when the innermost holds another file', (_a, _b, c) => writeFileSync(join(c, 'other'), ''), ''],
    ['none when the innermost holds an empty folder', (_a, _b, c) => mkdirSync(join(c, 'other')), ''],
    ['none when the innermost holds a link', (_a, _b, c) => symlinkSync('nowhere', join(c, 'other')), ''],
    ['those inside of the first that is used', (_a, b) => writeFileSync(join(b, 'other'), ''), 'c'],
    ['those inside of the outermost that is used', (a) => writeFileSync(join(a, '.other'), ''), 'c b'],
  ])('then removes the folders it is told, innermost first: %s', async (_what, prepare, gone) => {
    const folders = ['a', 'a/b', 'a/b/c'].map((name) => join(folder, name));
    const [a = '', b = '', c = ''] = folders;
    mkdirSync(c, { recursive: true });
    writeFileSync(join(c, 'file'), 'ours\n');
    prepare(a, b, c);
    const outcome = await remove(join(c, 'file'), 'ours\n', folders);
    const named = gone === '' ? [] : gone.split(' ').map((name) => ({ a, b, c })[name] ?? '');
    expect(outcome).toEqual({ kind: 'remove-file', removedFolders: named });
    expect(folders.filter((one) => !existsSync(one))).toEqual([...named].reverse());
    expect(existsSync(folder)).toBe(true);
  });

  it('removes no folder, empty or not', async () => {
    const path = join(folder, 'file');
    mkdirSync(path);
    await failure(remove(path), 'CONFLICT');
    writeFileSync(join(path, 'inside'), 'ours\n');
    await failure(remove(path), 'CONFLICT');
    expect(existsSync(join(path, 'inside'))).toBe(true);
  });

  it('removes nothing below a folder that was swapped for a link', async () => {
    const [real, moved] = [join(folder, 'real'), join(folder, 'moved')];
    mkdirSync(real);
    writeFileSync(join(real, 'file'), 'ours\n');
    renameSync(real, moved);
    symlinkSync(moved, real);
    await failure(remove(join(real, 'file')), 'CONFLICT');
    expect(existsSync(join(moved, 'file'))).toBe(true);
    rmSync(real);
  });
});
