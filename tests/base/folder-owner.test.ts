/** Whose a folder is: one that somebody else made, or could exchange, is named with its owner. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForeignFolder } from '../../src/base/folder-owner.ts';
import { canRun } from '../fixtures/explain-skip.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-owner-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('findForeignFolder', () => {
  it('finds nothing wrong with a folder of one’s own, or with none', () => {
    expect(findForeignFolder(root)).toBeNull();
    expect(findForeignFolder(join(root, 'not', 'there'))).toBeNull();
  });

  it('names what is no folder', () => {
    const [link, file] = [join(root, 'link'), join(root, 'file')];
    symlinkSync(tmpdir(), link);
    writeFileSync(file, '');
    expect(findForeignFolder(link)).toEqual({ path: link, uid: null });
    expect(findForeignFolder(file)).toEqual({ path: file, uid: null });
  });

  const asRoot = { ok: process.getuid?.() === 0, reason: 'only root can give a folder away' };
  it.runIf(canRun('folders of other users', asRoot)).each([
    ['the folder', 'run'],
    ['its parent, who could exchange it', '.'],
  ])('names the owner of %s', (_title, whose) => {
    const folder = join(root, 'run');
    mkdirSync(folder);
    chownSync(join(root, whose), 65_534, 65_534);
    expect(findForeignFolder(folder)).toEqual({ path: join(root, whose), uid: 65_534 });
  });
});
