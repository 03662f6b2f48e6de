/** What a survey finds at a path of a real server, opening nothing but regular files. */
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PathState } from '../../../src/core/ports.ts';
import { type Sshd, sshdRuns, targetOf } from '../../fixtures/sshd.ts';
import { type FileLab, failure, never, sha256, shareFileLab, textOf } from './lab.ts';

describe.runIf(sshdRuns())('on a real server', () => {
  let sshd: Sshd;
  let lab: FileLab;
  let folder: string;
  shareFileLab((made) => {
    ({ sshd, lab, folder } = made);
  });

  describe('a survey', () => {
    it('tells everything of a regular file', async () => {
      const path = join(folder, 'file');
      writeFileSync(path, 'content', { mode: 0o640 });
      chmodSync(path, 0o4640);
      expect(await lab.survey(path)).toMatchObject({
        hostKey: sshd.hostKeyFingerprint,
        realPath: path,
        replace: 'atomic',
        inPlaceReason: null,
        state: {
          kind: 'file',
          sha256: sha256('content'),
          size: 7,
          mode: 0o4640,
          owner: 'root',
          group: 'root',
          uid: 0,
          gid: 0,
        },
      });
      const { state } = await lab.survey(path);
      expect(state.kind === 'file' && state.content && textOf(state.content)).toBe('content');
    });

    it('follows links in every part of the path', async () => {
      mkdirSync(join(folder, 'real'));
      writeFileSync(join(folder, 'real', 'file'), 'x');
      symlinkSync('real', join(folder, 'way'));
      symlinkSync('file', join(folder, 'real', 'link'));
      expect((await lab.survey(join(folder, 'way', 'link'))).realPath).toBe(join(folder, 'real', 'file'));
      expect(await lab.servers.realPath(targetOf(sshd), join(folder, 'way', 'link'), never())).toBe(
        join(folder, 'real', 'file'),
      );
    });

    it('names the folders that are missing, by their real paths', async () => {
      mkdirSync(join(folder, 'real'));
      symlinkSync('real', join(folder, 'way'));
      expect(await lab.survey(join(folder, 'way', 'file'))).toMatchObject({
        realPath: join(folder, 'real', 'file'),
        state: { kind: 'absent', missingFolders: [] },
      });
      expect(await lab.survey(join(folder, 'way', 'a', 'b', 'file'))).toMatchObject({
        realPath: join(folder, 'real', 'a', 'b', 'file'),
        state: { kind: 'absent', missingFolders: [join(folder, 'real', 'a'), join(folder, 'real', 'a', 'b')] },
      });
    });

    it.each<[string, (path: string) => void, PathState['kind']]>([
      ['a folder', (path) => mkdirSync(path), 'directory'],
      ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'special'],
      ['a link that leads nowhere', (path) => symlinkSync('/no/such', path), 'special'],
      [
        'a link to a named pipe',
        (path) => {
          execFileSync('mkfifo', [`${path}-pipe`]);
          symlinkSync(`${path}-pipe`, path);
        },
        'special',
      ],
      ['a device', (path) => symlinkSync('/dev/null', path), 'special'],
    ])('tells %s without opening it', async (_name, make, kind) => {
      make(join(folder, 'it'));
      expect((await lab.survey(join(folder, 'it'))).state.kind).toBe(kind);
    });

    it('hashes a file that is larger than asked for, and keeps no content', async () => {
      const path = join(folder, 'large');
      const content = Buffer.alloc(9_000_000, 'abcdefg');
      writeFileSync(path, content);
      expect((await lab.survey(path, 1000)).state).toMatchObject({
        content: null,
        sha256: sha256(content),
        size: 9_000_000,
      });
      expect((await lab.survey(path, 0)).state).toMatchObject({ content: null, sha256: '', size: 9_000_000 });
    });

    it('says when something on the way is no folder', async () => {
      writeFileSync(join(folder, 'file'), '');
      await failure(lab.survey(join(folder, 'file', 'below')), 'NOT_A_FILE');
      await failure(lab.survey(`${folder}/missing/../file`), 'INVALID_ARGUMENT');
    });

    it.each<[string, (path: string) => void, string]>([
      ['hard links', (path) => linkSync(path, `${path}-too`), 'hard links'],
      ['an access list', (path) => execFileSync('setfacl', ['-m', 'u:1:r', path]), 'access control list'],
    ])('says that a file with %s is written in place', async (name, make, words) => {
      const path = join(folder, 'file');
      writeFileSync(path, 'x');
      try {
        make(path);
      } catch {
        process.stderr.write(`left out: no ${name} can be made here\n`);
        return;
      }
      const found = await lab.survey(path);
      expect(found.replace).toBe('in-place');
      expect(found.inPlaceReason).toContain(words);
    });
  });
});
