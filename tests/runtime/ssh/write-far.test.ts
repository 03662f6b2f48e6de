/** Writing far away, where the last look at the file is in flight with the new one: the same file, and the same no. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, sha256, shareFileLab } from './lab.ts';

describe.runIf(sshdRuns())('far away, a write', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let path: string;
  shareFileLab(
    (made) => {
      ({ sshd, lab } = made);
      path = join(made.folder, 'a file');
    },
    { aheadFromMs: 0 },
  );
  // The first answer tells how far it is.
  beforeEach(() => lab.exec(targetOf(sshd), ['true']));
  const leftovers = (): string[] => readdirSync(join(path, '..')).filter((name) => name.startsWith('.signalbox-'));

  it.each([0, 1, 300_000, 2_000_000])('of %i bytes replaces all of it, with its mode', async (size) => {
    writeFileSync(path, 'before');
    chmodSync(path, 0o640);
    const content = Buffer.alloc(size, 'lines\n');
    expect((await lab.write(path, content)).verifiedSha256).toBe(sha256(content));
    expect(sha256(readFileSync(path))).toBe(sha256(content));
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(leftovers()).toEqual([]);
  });

  it('of a file that is another one by now changes nothing', async () => {
    writeFileSync(path, 'somebody else');
    const error = await failure(lab.write(path, 'mine', { expectedSha256: sha256('before') }), 'CONFLICT');
    expect(error.outcomeUnknown).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('somebody else');
    expect(leftovers()).toEqual([]);
  });

  it('of a file that is gone, or there by now, changes nothing', async () => {
    await failure(lab.write(path, 'mine', { expectedSha256: sha256('before') }), 'CONFLICT');
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'there');
    await failure(lab.write(path, 'mine', { expectedSha256: null }), 'CONFLICT');
    expect(readFileSync(path, 'utf8')).toBe('there');
    expect(leftovers()).toEqual([]);
  });
});
