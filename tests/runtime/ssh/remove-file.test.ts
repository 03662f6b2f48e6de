/** Files removed on a real server: exactly the one that was approved, or nothing. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, makeFileLab, sha256 } from './lab.ts';

describe.runIf(sshdRuns())('removing a file on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  beforeAll(async () => {
    sshd = await startSshd();
    lab = await makeFileLab(sshd);
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(sshd.folder, 'case-'));
  });
  const remove = (path: string, content = 'ours\n') =>
    lab.perform(targetOf(sshd), { kind: 'remove-file', path, expectedSha256: sha256(content) });

  it.each(['ours\n', '', 'x'.repeat(300_000)])('removes what has the expected content', async (content) => {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    linkSync(path, join(folder, 'other name'));
    expect(await remove(path, content)).toEqual({ kind: 'remove-file' });
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
