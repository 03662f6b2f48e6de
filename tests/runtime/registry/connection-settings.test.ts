/** From a target back to the settings of its connection: exactly those of the record it was made from. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, record, refusal, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeEach(() => {
  bench = openWorkbench();
});
afterEach(() => bench.dispose());

describe('connection settings', () => {
  it('are those of the record the target was made from', async () => {
    bench.writeGlobal([record('bastion', { host: '10.0.0.1' }), record('web-1', { jump: 'bastion' })]);
    const registry = bench.registry();
    const target = await registry.resolve('web-1', null);
    expect(target.through).toEqual([expect.stringMatching(/^bastion \(\w+@10\.0\.0\.1:22\)$/)]);
    const settings = await registry.connection(target);
    expect(settings).toMatchObject({ host: '10.0.0.5', port: 22, hostKeyAlias: null, jump: { id: 'bastion' } });
    const hop = settings.jump;
    expect(hop && (await registry.connection(hop))).toMatchObject({ host: '10.0.0.1', jump: null });
  });

  it('are refused once the record changed, its jump included', async () => {
    bench.writeGlobal([record('bastion', { host: '10.0.0.1' }), record('web-1', { jump: 'bastion' })]);
    const registry = bench.registry();
    const target = await registry.resolve('web-1', null);
    bench.writeGlobal([record('bastion', { host: '10.0.0.2' }), record('web-1', { jump: 'bastion' })]);
    const error = await refusal(registry.connection(target));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', expect.stringContaining('changed since')]);
    bench.writeGlobal([]);
    expect((await refusal(registry.connection(target))).code).toBe('SERVER_NOT_FOUND');
  });

  it('are refused for a target of another registry', async () => {
    bench.writeGlobal([record('web-1')]);
    const target = await bench.registry().resolve('web-1', null);
    expect((await refusal(bench.registry().connection(target))).code).toBe('SERVER_NOT_FOUND');
  });

  it('name the variables that hold secrets, of whichever record', async () => {
    const auth = { kind: 'password', secret: { env: 'DB_PASSWORD' } };
    bench.writeGlobal([record('db', { auth }), record('web-1')]);
    const registry = bench.registry();
    const settings = await registry.connection(await registry.resolve('web-1', null));
    expect(settings.secretVariables).toContain('DB_PASSWORD');
  });

  it('do not put a plain password into the hash', async () => {
    const hashOf = async (secret: string): Promise<string> => {
      bench.writeGlobal([record('web-1', { auth: { kind: 'password', secret } })]);
      return (await bench.registry().resolve('web-1', null)).recordHash;
    };
    expect(await hashOf('one-password')).toBe(await hashOf('other-password'));
  });

  it('say what to do when the agent of the record does not run', async () => {
    bench.writeGlobal([record('web-1', { auth: { kind: 'agent' } })]);
    const registry = bench.registry();
    const error = await refusal(registry.connection(await registry.resolve('web-1', null)));
    expect([error.code, error.message]).toEqual(['CREDENTIALS_UNAVAILABLE', expect.stringContaining('ssh-agent')]);
    const withAgent = bench.registry({ env: { SSH_AUTH_SOCK: '/run/agent.sock' } });
    expect((await withAgent.connection(await withAgent.resolve('web-1', null))).auth).toEqual([
      { kind: 'agent', socket: '/run/agent.sock' },
    ]);
  });

  it.each([
    ['to itself', [record('web-1', { jump: 'web-1' })], 'in a circle'],
    ['in a circle', [record('web-1', { jump: 'b' }), record('b', { jump: 'web-1' })], 'web-1 -> b -> web-1'],
    ['to nobody', [record('web-1', { jump: 'bastion' })], 'no server "bastion" is registered'],
    ['to a broken record', [record('web-1', { jump: 'b' }), record('b', { prot: 1 })], 'unknown key "prot"'],
    [
      'too often',
      [
        record('web-1', { jump: 'j0' }),
        ...Array.from({ length: 9 }, (_, at) => record(`j${at}`, { jump: `j${at + 1}` })),
        record('j9'),
      ],
      'more than 8 jumps',
    ],
  ])('are refused for a jump %s', async (_name, records, message) => {
    bench.writeGlobal(records);
    const error = await refusal(bench.registry().resolve('web-1', null));
    expect([error.code, error.message]).toEqual(['CONFIG_INVALID', expect.stringContaining(message)]);
    expect((await bench.registry().list(null)).broken.map((one) => one.id)).toContain('web-1');
  });

  it('are refused with the environment that the record names', async () => {
    bench.writeGlobal([record('web-1', { jump: 'nobody', environment: 'staging' }), record('b', { prot: 1 })]);
    const { broken } = await bench.registry().list(null);
    expect(broken.map(({ id, environment }) => [id, environment])).toEqual([
      ['b', undefined],
      ['web-1', 'staging'],
    ]);
  });
});
