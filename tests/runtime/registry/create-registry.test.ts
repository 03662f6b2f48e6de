/** The registry against real files: which records count, which never do, and what is said about them. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/runtime/config-file.ts';
import { openWorkbench, record, refusal, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

async function trustWorkspace(): Promise<void> {
  const file = await readConfigFile(bench.workspaceFile);
  await bench.trust.add(bench.workspaceFile, file?.sha256 ?? '');
}

describe('good records', () => {
  it('is empty without any file', async () => {
    expect(await bench.registry().list(null)).toEqual({ servers: [], broken: [], warnings: [] });
  });

  it('fills the defaults, and reads an absent environment as production', async () => {
    bench.writeGlobal([record('web-1')]);
    const target = await bench.registry().resolve('web-1', null);
    expect(target).toMatchObject({
      address: 'ubuntu@10.0.0.5:22',
      environment: 'production',
      environmentAssumed: true,
      redactOutput: true,
      readonly: false,
      scope: 'global',
      shadowsGlobal: false,
    });
  });

  it.each([
    ['staging', undefined, false],
    ['production', undefined, true],
    ['staging', true, true],
    ['production', false, false],
  ])('redacts on %s with redactOutput %s: %s', async (environment, redactOutput, expected) => {
    bench.writeGlobal([record('web-1', { environment, ...(redactOutput === undefined ? {} : { redactOutput }) })]);
    expect((await bench.registry().resolve('web-1', null)).redactOutput).toBe(expected);
  });

  it('sorts by id and sees an edit at once', async () => {
    bench.writeGlobal([record('web-2'), record('db-1')]);
    const registry = bench.registry();
    expect((await registry.list(null)).servers.map((one) => one.id)).toEqual(['db-1', 'web-2']);
    bench.writeGlobal([record('web-3')]);
    expect((await registry.list(null)).servers.map((one) => one.id)).toEqual(['web-3']);
    writeFileSync(`${bench.paths.serversFile}.new`, JSON.stringify([record('web-4')]), { mode: 0o600 });
    renameSync(`${bench.paths.serversFile}.new`, bench.paths.serversFile);
    expect((await registry.list(null)).servers.map((one) => one.id)).toEqual(['web-4']);
  });

  it('resolves relative key paths of a workspace file from the workspace root, and ~/ from home', async () => {
    bench.writeWorkspace([
      record('near', { auth: { kind: 'privateKey', privateKeyPath: 'keys/id' } }),
      record('home', { auth: { kind: 'privateKey', privateKeyPath: '~/.ssh/id' } }),
    ]);
    await trustWorkspace();
    const registry = bench.registry();
    const pathOf = async (id: string): Promise<unknown> =>
      (await registry.connection(await registry.resolve(id, bench.workspace))).auth[0];
    expect(await pathOf('near')).toMatchObject({ privateKeyPath: join(bench.workspace, 'keys/id') });
    expect(await pathOf('home')).toMatchObject({ privateKeyPath: join(bench.env.HOME, '.ssh/id') });
  });
});

describe('records that are refused', () => {
  it.each([
    [
      'an unknown key',
      record('web-1', { prot: 22 }),
      'line 12, record 1 (web-1): unknown key "prot" (did you mean "port"?)',
    ],
    ['an unknown key far from any', record('web-1', { zebra: 1 }), 'known here: id, environment'],
    [
      'an unknown key in auth',
      record('web-1', { auth: { kind: 'agent', sockt: '/a' } }),
      'unknown key "auth.sockt" (did you mean "socket"?)',
    ],
    [
      'a wrong kind',
      record('web-1', { auth: { kind: 'pasword' } }),
      '"auth.kind" must be "agent" or "privateKey" or "certificate" or "password" (did you mean "password"?)',
    ],
    ['a missing host', { id: 'web-1', username: 'u', auth: { kind: 'agent' } }, '"host" is missing'],
    ['a port as text', record('web-1', { port: '22' }), '"port" must be a number'],
    ['a port out of range', record('web-1', { port: 70000 }), '"port" is not valid: expected number to be <=65535'],
    [
      'an environment of another name',
      record('web-1', { environment: 'prod' }),
      '"environment" must be "production" or',
    ],
    ['a relative root', record('web-1', { roots: ['srv'] }), '"roots[0]" must be an absolute path'],
    [
      'a secret that is a number',
      record('web-1', { auth: { kind: 'password', secret: 3 } }),
      '"auth.secret" must be a text that is not empty or {"env": ...} or {"command": ...} or {"vault": ...}',
    ],
    [
      'a secret of an unknown kind',
      record('web-1', { auth: { kind: 'password', secret: { safe: 'x' } } }),
      'unknown key "auth.secret.safe"',
    ],
    [
      'a command that is one text',
      record('web-1', { auth: { kind: 'password', secret: { command: 'pass x' } } }),
      '"auth.secret.command" must be an array',
    ],
    [
      'a relative key path',
      record('web-1', { auth: { kind: 'privateKey', privateKeyPath: 'id' } }),
      'must be absolute or start with "~/"',
    ],
    [
      'a key path of another user',
      record('web-1', { auth: { kind: 'privateKey', privateKeyPath: '~bob/id' } }),
      'must be absolute or start with "~/"',
    ],
    ['both alias and host', record('web-1', { ssh: 'web' }), 'both "ssh" and "host"'],
    ['an alias with a port', { id: 'web-1', ssh: 'web', port: 22 }, 'unknown key "port"'],
    ['a jump that is no id', record('web-1', { jump: 'Bad Id' }), '"jump" must start with'],
  ])('%s: only that record, with what to mend', async (_name, bad, message) => {
    bench.writeGlobal([bad, record('web-2')]);
    const { servers, broken } = await bench.registry().list(null);
    expect(servers.map((one) => one.id)).toEqual(['web-2']);
    expect(broken).toHaveLength(1);
    expect(broken[0]?.problem).toContain(bench.paths.serversFile);
    expect(broken[0]?.problem).toContain(message);
    const error = await refusal(bench.registry().resolve('web-1', null));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', broken[0]?.problem]);
  });

  it.each([
    ['an id in capitals', record('Web'), '"id" must start with'],
    ['no id', { host: 'h' }, '"id" is missing'],
    ['a text', 'web-1', 'it must be an object'],
  ])('%s is named by its number', async (_name, bad, message) => {
    bench.writeGlobal([record('web-2'), bad]);
    const { servers, broken } = await bench.registry().list(null);
    expect(servers).toHaveLength(1);
    expect(broken[0]?.id).toBe('record 2');
    expect(broken[0]?.problem).toContain(message);
  });

  it('takes neither of two records with one id', async () => {
    bench.writeGlobal([record('web-1'), record('web-1', { host: 'evil' }), record('web-1', { host: 'worse' })]);
    const { servers, broken } = await bench.registry().list(null);
    expect(servers).toEqual([]);
    expect(broken).toEqual([{ id: 'web-1', problem: expect.stringContaining('used twice') }]);
  });

  it.each([
    ['broken JSON', '[\n{"id": "a",}\n]', 0o600, 'line 2: not valid JSON, there is a comma after the last item'],
    ['an object', '{}', 0o600, 'must be a JSON array'],
    ['writable by the group', '[]', 0o660, 'run `chmod go-w'],
    ['writable by everybody', '[]', 0o602, 'run `chmod go-w'],
    ['a name given twice', '[{"id": "a", "id": "b"}]', 0o600, 'the name "id" stands twice'],
  ])('refuses everything when the global file is %s', async (_name, text, mode, message) => {
    bench.writeGlobal(text, mode);
    const { list, resolve } = bench.registry();
    for (const ask of [() => list(null), () => resolve('web-1', null)]) {
      const error = await refusal(ask());
      expect(error.code).toBe('CONFIG_INVALID');
      expect(error.message).toContain(message);
    }
  });

  it('names the nearest id for one that is not registered', async () => {
    bench.writeGlobal([record('web-1'), record('database')]);
    const near = await refusal(bench.registry().resolve('databse', null));
    expect([near.code, near.message]).toEqual([
      'SERVER_NOT_FOUND',
      expect.stringContaining('did you mean "database"?'),
    ]);
    expect((await refusal(bench.registry().resolve('x', null))).message).toContain('signalbox server list');
  });
});

describe('workspace files', () => {
  it('overrides by id once trusted, and marks what it hides', async () => {
    bench.writeGlobal([record('web-1'), record('db-1')]);
    bench.writeWorkspace([record('web-1', { host: '10.9.9.9' }), record('app-1')]);
    await trustWorkspace();
    const { servers } = await bench.registry().list(bench.workspace);
    expect(servers.map((one) => [one.id, one.host, one.scope, one.shadowsGlobal])).toEqual([
      ['app-1', '10.0.0.5', 'workspace', false],
      ['db-1', '10.0.0.5', 'global', false],
      ['web-1', '10.9.9.9', 'workspace', true],
    ]);
    expect((await bench.registry().resolve('web-1', null)).host).toBe('10.0.0.5');
  });

  it('makes its ids errors while it is not trusted, never the global record', async () => {
    bench.writeGlobal([record('web-1'), record('db-1')]);
    bench.writeWorkspace([record('web-1', { host: '10.9.9.9' })]);
    const { servers, broken, warnings } = await bench.registry().list(bench.workspace);
    expect(servers.map((one) => one.id)).toEqual(['db-1']);
    expect(broken).toEqual([{ id: 'web-1', problem: expect.stringContaining('signalbox server trust') }]);
    expect(warnings[0]).toContain('not trusted');
    expect((await refusal(bench.registry().resolve('web-1', bench.workspace))).code).toBe('CONFIG_INVALID');
  });

  it('loses its trust with the first changed byte', async () => {
    bench.writeWorkspace([record('web-1')]);
    await trustWorkspace();
    const registry = bench.registry();
    expect((await registry.list(bench.workspace)).servers).toHaveLength(1);
    bench.writeWorkspace(`${JSON.stringify([record('web-1')])} `);
    expect((await registry.list(bench.workspace)).servers).toEqual([]);
  });

  it('does not let a broken record fall back to the global one, though trusted', async () => {
    bench.writeGlobal([record('web-1')]);
    bench.writeWorkspace([record('web-1', { prot: 1 })]);
    await trustWorkspace();
    const { servers, broken } = await bench.registry().list(bench.workspace);
    expect(servers).toEqual([]);
    expect(broken[0]?.problem).toContain(bench.workspaceFile);
  });

  it.each([
    ['no JSON', '[', 0o600, 'not valid JSON'],
    ['writable by others', '[]', 0o666, 'chmod go-w'],
  ])('refuses every id there when the file is %s', async (_name, text, mode, message) => {
    bench.writeGlobal([record('web-1')]);
    bench.writeWorkspace(text, mode);
    expect((await refusal(bench.registry().resolve('web-1', bench.workspace))).message).toContain(message);
    expect((await bench.registry().resolve('web-1', null)).id).toBe('web-1');
  });

  it('warns of plain secrets without showing them', async () => {
    bench.writeGlobal([record('web-1', { auth: { kind: 'password', secret: 'hunter2-hunter2' } })]);
    const listed = await bench.registry().list(null);
    expect(listed.warnings).toEqual([expect.stringContaining('plain text')]);
    expect(JSON.stringify(listed)).not.toContain('hunter2');
  });
});
