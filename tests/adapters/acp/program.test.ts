/** What is shown to an isolated agent of the place it is installed in: enough to run, and never a home folder or our own data. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, toFoldersOf, toInstallFolder } from '../../../src/adapters/acp/program.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-program-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, mode = 0o755, firstLine = '#!/bin/sh'): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `${firstLine}\n`);
  chmodSync(full, mode);
  return full;
}

describe('a program', () => {
  it('of an npm package needs the outermost node_modules, found through its link', async () => {
    const real = file('x/node_modules/agent/node_modules/deep/bin/agent.js');
    mkdirSync(join(root, 'bin'));
    symlinkSync(real, join(root, 'bin/agent'));
    expect(await findProgram('agent', join(root, 'bin'))).toEqual({
      path: real,
      folders: [join(root, 'x/node_modules')],
    });
  });

  const places = [
    ['opt/tool/bin/agent', ['opt/tool/lib/x'], 'opt/tool'],
    ['opt/tool/bin/agent', [], 'opt/tool/bin/agent'],
    ['home/u/.local/bin/agent', ['home/u/.local/lib/x'], 'home/u/.local/bin/agent'],
    ['home/u/bin/agent', ['home/u/lib/x', 'home/u/.ssh/id'], 'home/u/bin/agent'],
    ['home/u/.agent/agent', [], 'home/u/.agent/agent'],
  ] as const;

  it.each(places)('%s beside %j needs %s', async (path, others, folder) => {
    const program = file(path);
    for (const other of others) file(other);
    expect(await findProgram(program, '')).toEqual({ path: program, folders: [join(root, folder)] });
  });

  it('in a folder that holds a home folder is shown alone', async () => {
    const program = file('opt/bin/agent');
    file('opt/lib/x');
    const { folders } = (await findProgram(program, '', [join(root, 'opt/home/u')])) ?? {};
    expect(folders).toEqual([program]);
  });

  it.each([
    ['home/u', 'home/u/bin/node'],
    ['home/u/.config/signalbox', 'home/u/bin/node'],
    ['home/other', 'home/u'],
  ])('whose prefix holds %s is shown as %s', async (forbidden, shown) => {
    const node = file('home/u/bin/node');
    file('home/u/lib/x');
    expect(await toInstallFolder(node, [join(root, forbidden)])).toBe(join(root, shown));
  });

  const interpreted = [
    ['the first of that name on PATH', '#!/usr/bin/env node', ['newer']],
    ['one that gets options', '#!/usr/bin/env -S node --no-warnings', ['newer']],
    ['an absolute one', '#! ROOT/older/bin/node', ['older']],
    ['none when it is one of the system', '#!/usr/bin/env sh', []],
    ['none when it is nowhere', '#!/usr/bin/env no-such-program', []],
    ['none when variables are set before', '#!/usr/bin/env -S A=1 node', []],
    ['none for what is no script', '\u007fELF', []],
  ] as const;

  it.each(interpreted)('brings along its interpreter: %s', async (_what, firstLine, folders) => {
    for (const place of ['newer', 'older']) {
      file(`${place}/bin/node`);
      file(`${place}/lib/x`);
    }
    const agent = file('agent', 0o755, firstLine.replace('ROOT', root));
    const searchPath = `${join(root, 'newer/bin')}:${join(root, 'older/bin')}:/usr/bin`;
    const found = await findProgram(agent, searchPath);
    expect(found?.folders).toEqual([agent, ...folders.map((folder) => join(root, folder))]);
  });

  const absent = [
    ['a file that is not executable', 'bin/plain'],
    ['a folder', 'bin/folder'],
    ['a name that is nowhere', 'bin/none'],
    ['a relative path', './agent'],
  ] as const;

  it.each(absent)('is not %s', async (_what, path) => {
    file('bin/plain', 0o644);
    mkdirSync(join(root, 'bin/folder'));
    expect(await findProgram(path.startsWith('.') ? path : join(root, path), '')).toBeNull();
    expect(await findProgram(path.split('/')[1] ?? '', `relative:${join(root, 'bin')}`)).toBeNull();
  });
});

describe('the files of a command line', () => {
  it('need the package around them', async () => {
    file('src/agent/package.json');
    const script = file('src/agent/dist/main.js');
    expect(await toFoldersOf(['node', script, '--acp', 'relative.js'], [])).toEqual([join(root, 'src/agent')]);
  });

  it.each([
    ['our data is inside of the package', 'src/agent/package.json', 'src/agent/state'],
    ['the package is a home folder', 'src/agent/.ssh/id', 'elsewhere'],
    ['there is no package', 'src/other', 'elsewhere'],
  ])('are shown alone when %s', async (_what, beside, forbidden) => {
    file(beside);
    const script = file('src/agent/dist/main.js');
    expect(await toFoldersOf([script], [join(root, forbidden)])).toEqual([script]);
  });
});
