/** Packages behind links are shown to an isolated agent, wherever they really are, and nothing private with them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLinkedModules } from '../../../src/adapters/acp/linked-modules.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'signalbox-modules-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function folder(path: string): string {
  const full = join(root, path);
  mkdirSync(full, { recursive: true });
  writeFileSync(join(full, 'package.json'), '{}');
  return full;
}

function link(at: string, target: string): void {
  mkdirSync(dirname(join(root, at)), { recursive: true });
  symlinkSync(target, join(root, at));
}

const from = async (path: string, forbidden: readonly string[] = []): Promise<readonly string[]> =>
  (await withLinkedModules([join(root, path)], forbidden)).slice(1).map((found) => found.slice(root.length + 1));

describe('the packages behind a program', () => {
  it('are in a node_modules that is itself a link', async () => {
    folder('work/agent');
    folder('store/node_modules/dep');
    link('work/agent/node_modules', join(root, 'store/node_modules'));
    expect(await from('work/agent')).toEqual(['store/node_modules']);
  });

  it('are behind links in it, in scopes and from one to the next', async () => {
    folder('work/agent/node_modules/plain');
    link('work/agent/node_modules/linked', '../../linked');
    link('work/agent/node_modules/@scope/pkg', join(root, 'store/a/node_modules/@scope/pkg'));
    folder('work/linked');
    link('work/linked/node_modules/far', join(root, 'elsewhere/far'));
    folder('store/a/node_modules/@scope/pkg');
    link('store/a/node_modules/other', join(root, 'store/b/node_modules/other'));
    folder('store/b/node_modules/other');
    folder('elsewhere/far');
    expect([...(await from('work/agent'))].sort()).toEqual(
      ['elsewhere/far', 'store/a/node_modules', 'store/b/node_modules', 'work/linked'].sort(),
    );
  });

  it('are in the node_modules of a folder above, as in a workspace', async () => {
    folder('work/packages/agent');
    folder('work/node_modules/dep');
    expect(await from('work/packages/agent')).toEqual(['work/node_modules']);
  });

  it('are named as the link says and as they really are, when another link lies between', async () => {
    folder('work/agent');
    folder('data/store/node_modules/dep');
    link('home', join(root, 'data'));
    link('work/agent/node_modules', join(root, 'home/store/node_modules'));
    expect(await from('work/agent')).toEqual(['home/store/node_modules', 'data/store/node_modules']);
  });

  it.each([
    ['a folder that holds our own data', 'private', ['private/data']],
    ['a home folder', 'person', []],
  ])('are not shown when the link leads to %s', async (_what, target, forbidden) => {
    folder('work/agent');
    folder('private/data');
    mkdirSync(join(root, 'person/.ssh'), { recursive: true });
    link('work/agent/node_modules/linked', join(root, target));
    expect(
      await from(
        'work/agent',
        forbidden.map((one) => join(root, one)),
      ),
    ).toEqual([]);
  });

  it.each([
    ['a link to nothing', () => link('work/agent/node_modules/gone', '/no/such/folder')],
    ['a link to itself', () => link('work/agent/node_modules/self', 'self')],
    ['a link back into the package', () => link('work/agent/node_modules/me', '..')],
    ['a link to a folder that is no package', () => link('work/agent/node_modules/up', '../..')],
    ['no node_modules', () => undefined],
  ])('are none for %s', async (_what, prepare) => {
    folder('work/agent');
    prepare();
    expect(await from('work/agent')).toEqual([]);
  });
});
