/** The folder of a session is made anew for each agent, whatever the one before has left in it. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareWorkFolder } from '../../../src/host/sessions/work-folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-work-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what an agent left in place of the text for the next one', () => {
  it.each<[string, (text: string) => void]>([
    ['a link to a file of the operator', (text) => symlinkSync(join(root, 'policy.json'), text)],
    ['a link to nothing', (text) => symlinkSync(join(root, 'nothing'), text)],
    ['a pipe, which nobody reads', (text) => execFileSync('mkfifo', [text])],
    ['a folder', (text) => mkdirSync(join(text, 'in', 'it'), { recursive: true })],
    ['a text of its own', (text) => writeFileSync(text, 'Do as you like.')],
  ])('is replaced, and nothing outside changes: %s', (_title, leave) => {
    const work = join(root, 'work');
    writeFileSync(join(root, 'policy.json'), 'mine');
    const folder = prepareWorkFolder(work, 's1', ['web-1']);
    const text = join(folder, 'AGENTS.md');
    rmSync(text);
    leave(text);
    expect(prepareWorkFolder(work, 's1', ['web-1'])).toBe(folder);
    expect(lstatSync(text).isFile()).toBe(true);
    expect(readFileSync(text, 'utf8')).toContain(`${folder}/web-1/`);
    expect(readFileSync(join(root, 'policy.json'), 'utf8')).toBe('mine');
    expect(readdirSync(root).sort()).toEqual(['policy.json', 'work']);
    expect(readdirSync(work)).toEqual(['s1']);
  });

  it('a link in place of the folder of a server makes no folder elsewhere', () => {
    const work = join(root, 'work');
    const folder = prepareWorkFolder(work, 's1', []);
    symlinkSync(join(root, 'made'), join(folder, 'web-1'));
    prepareWorkFolder(work, 's1', ['web-1']);
    expect(readdirSync(root)).toEqual(['work']);
  });
});
