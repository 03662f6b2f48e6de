/** Files as an account that may not do everything. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, makeFileLab, sha256 } from './lab.ts';

describe.runIf(sshdRuns())('files as an ordinary account', () => {
  let sshd: Sshd;
  let lab: FileLab;
  beforeAll(async () => {
    sshd = await startSshd({ account: {} });
    lab = await makeFileLab(sshd);
  });
  afterAll(async () => {
    await lab?.dispose();
    await sshd?.stop();
  });
  const write = (path: string, expectedSha256: string | null, replace: 'atomic' | 'in-place' = 'atomic') =>
    lab.write(path, 'new', { expectedSha256, replace });

  it('are refused where the account may not read or write', async () => {
    const secret = join(sshd.folder, 'secret');
    writeFileSync(secret, 'x', { mode: 0o600 });
    const error = await failure(lab.survey(secret), 'PERMISSION_DENIED');
    expect(error.message).toContain(sshd.username);
    await failure(lab.read(secret), 'PERMISSION_DENIED');
    await failure(lab.perform(targetOf(sshd), { kind: 'list-dir', path: '/root', limit: 3 }), 'PERMISSION_DENIED');
    await failure(write('/etc/signalbox-test', null), 'PERMISSION_DENIED');
    await failure(lab.exec(targetOf(sshd), ['true'], { cwd: '/root' }), 'PERMISSION_DENIED');
  });

  it('are written in place where a replacement would change the owner or has no room', async () => {
    const foreign = join(sshd.folder, 'foreign');
    writeFileSync(foreign, 'x');
    chmodSync(foreign, 0o666);
    expect((await lab.survey(foreign)).inPlaceReason).toContain('belongs to another user');
    await write(foreign, sha256('x'), 'in-place');
    expect([readFileSync(foreign, 'utf8'), statSync(foreign).uid]).toEqual(['new', 0]);

    const closed = join(sshd.folder, 'closed');
    mkdirSync(closed);
    const own = join(closed, 'own');
    writeFileSync(own, 'x');
    execFileSync('chown', [sshd.username, own]);
    expect((await lab.survey(own)).inPlaceReason).toContain('folder does not take a new file');
    await failure(write(own, sha256('x'), 'atomic'), 'PERMISSION_DENIED');
    expect(readFileSync(own, 'utf8')).toBe('x');
  });

  it('are replaced where the account owns them', async () => {
    const own = join(sshd.folder, 'own');
    writeFileSync(own, 'x');
    execFileSync('chown', [`${sshd.username}:${sshd.username}`, own]);
    expect(await lab.survey(own)).toMatchObject({ replace: 'atomic', state: { owner: sshd.username } });
    expect((await write(own, sha256('x'))).verifiedSha256).toBe(sha256('new'));
  });
});
