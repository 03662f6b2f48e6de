/** Which folder counts as the workspace of a working directory. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findWorkspace } from '../../../src/runtime/registry/find-workspace.ts';
import { matchesGlob } from '../../../src/runtime/registry/matches-glob.ts';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-workspace-')));
  mkdirSync(join(root, 'a', '.signalbox'), { recursive: true });
  mkdirSync(join(root, 'a', 'b', 'c', '.signalbox'), { recursive: true });
  mkdirSync(join(root, 'file'));
  writeFileSync(join(root, 'file', '.signalbox'), '');
  mkdirSync(join(root, 'link'));
  symlinkSync(join(root, 'a', '.signalbox'), join(root, 'link', '.signalbox'));
});
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  ['a', 'a'],
  ['a/b', 'a'],
  ['a/b/c', 'a/b/c'],
  ['a/b/c/.signalbox', 'a/b/c'],
  ['a/not/there/yet', 'a'],
])('of %s it is %s', (cwd, workspace) => {
  expect(findWorkspace(join(root, cwd))).toBe(join(root, workspace));
});

it.each(['file', 'link', '.', 'absent'])('of %s there is none', (cwd) => {
  expect(findWorkspace(join(root, cwd))).toBeNull();
});

it.each([
  ['a.conf', '*.conf', true],
  ['a.conf', 'a.conf', true],
  ['abc', 'a?c', true],
  ['a.b.conf', '*.*', true],
  ['.hidden', '.h*', true],
  ['', '*', true],
  ['.hidden', '*', false],
  ['a.conf~', '*.conf', false],
  ['a.conf', '*.con', false],
  ['ac', 'a?c', false],
  ['', '?', false],
  ['aXb', 'a*c', false],
  ['a'.repeat(5000), `${'*a'.repeat(50)}b`, false],
])('%s against %s: %s', (name, pattern, matches) => {
  expect(matchesGlob(name, pattern)).toBe(matches);
});
