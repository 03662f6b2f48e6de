/** `exec` on several servers: each through the gate by itself, a few at once, cards one after the other, one status for all. */
import { describe, expect, it } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { OperationError } from '../../../src/core/codes.ts';
import { limits } from '../../../src/core/limits.ts';
import { testParts } from '../../fixtures/host-parts.ts';
import { memoryTarget } from '../../fixtures/memory-world.ts';
import { runHostOn } from '../../fixtures/running-host.ts';
import { cliHost, typist } from '../cli-host.ts';

const both = 'web-1,db-1';

describe('exec on several servers', () => {
  it('puts the name of its server, padded to the longest, before each line', async () => {
    const { cli, world } = await cliHost();
    world.servers.run = async () => ({ stdout: Buffer.from('one\ntwo') });
    const run = await cli(['exec', both, '--', 'ok', 'go']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n').sort()).toEqual(['', 'db-1  | one', 'db-1  | two', 'web-1 | one', 'web-1 | two']);
    expect(world.audit.entries.filter(({ type }) => type === 'result').map(({ server }) => server)).toHaveLength(2);
  });

  it('asks what their logins need at the terminal, once for the same key', async () => {
    const { cli, world, parts } = await cliHost();
    world.servers.run = async () => {
      const [typed] = await parts.logins.ask({
        ...{ key: 'passphrase:/k', server: 'web-1', what: 'the passphrase of /k', note: null },
        prompts: [{ label: 'Passphrase', echo: 'hidden' }],
      });
      return { stdout: Buffer.from(typed === 'swordfish' ? 'in' : 'out') };
    };
    const run = await cli(['exec', both, '--', 'ok'], typist(['swordfish']));
    expect(run.code).toBe(0);
    expect(run.stdout.split('\n').sort()).toEqual(['', 'db-1  | in', 'web-1 | in']);
    expect(run.stderr).toContain('The login to web-1 needs the passphrase of /k.\nPassphrase: ');
    expect(run.stdout + run.stderr).not.toContain('swordfish');
  });

  it.each([
    ['asks about a host key that nobody trusts yet, and runs there once it was trusted', typist(['WXYZ']), 0],
    ['says without a terminal how such a key is trusted', {}, 247],
  ] as const)('%s', async (_what, terminal, code) => {
    const { cli, world } = await cliHost();
    const key = `SHA256:${'a'.repeat(39)}WXYZ`;
    const unknown = new OperationError(
      'HOST_KEY_UNKNOWN',
      `The host key of web-1 (10.0.0.1:22), ssh-ed25519 ${key}, is not known yet; compare it with what its owner says, then run \`signalbox server trust-key web-1 ${key}\`.`,
    );
    let runs = 0;
    world.servers.run = async () => {
      runs += 1;
      if (runs === 1) throw unknown;
      return { stdout: Buffer.from('out') };
    };
    const run = await cli(['exec', both, '--', 'ok'], terminal);
    expect([run.code, runs]).toEqual([code, code === 0 ? 3 : 2]);
    expect(run.stderr).toContain(code === 0 ? `web-1 is trusted with ${key}.` : 'signalbox server trust-key web-1');
  });

  it.each([['web-1,'], ['web-1,web-1'], [',web-1']])(
    'is as for one server where the list names one: %s',
    async (list) => {
      const { cli } = await cliHost();
      expect(await cli(['exec', list, '--', 'ok'])).toEqual({ code: 0, stdout: 'ok\n', stderr: '' });
    },
  );

  it.each([
    ['web-1,nope', 242, 'No server "nope" is registered'],
    ['web-1,N:pe', 242, 'The id of the server'],
    [',', 2, 'Name at least one server'],
  ])('runs nothing for %s: status %i and a sentence', async (list, code, words) => {
    const { cli, world } = await cliHost();
    const run = await cli(['exec', list, '--', 'ok']);
    expect([run.code, run.stdout]).toEqual([code, '']);
    expect(run.stderr).toContain(words);
    expect(world.audit.entries).toEqual([]);
  });

  it('ends with the status of the first in the list that was not 0, and names all of those', async () => {
    const { cli, world } = await cliHost();
    const statuses = [0, 7];
    world.servers.run = async () => ({ exitCode: statuses.shift() ?? 0 });
    const one = await cli(['exec', both, '--', 'ok']);
    expect(one.code).toBe(7);
    expect(one.stderr).toMatch(/^signalbox: 1 of 2 servers did not end with 0: (web|db)-1 \(7\)\.\n$/);
    const never = await cli(['exec', both, '--', 'never']);
    expect(never.code).toBe(243);
    expect(never.stderr).toContain('web-1 | signalbox: Policy rejects this');
    expect(never.stderr).toContain('db-1  | signalbox: Policy rejects this');
    expect(never.stderr).toContain('2 of 2 servers did not end with 0: web-1 (243), db-1 (243).');
  });

  it('prints one document for each server with --json', async () => {
    const { cli } = await cliHost();
    const run = await cli(['exec', '--json', both, '--', 'ok']);
    const documents = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.map(({ server }) => server).sort()).toEqual(['db-1', 'web-1']);
    for (const document of documents) expect(document).toMatchObject({ status: 'ok', data: { stdout: 'ok\n' } });
  });

  it('asks one card after the other on a terminal, and each counts for its own server', async () => {
    const { cli, world } = await cliHost();
    const run = await cli(['exec', both, '--', 'reboot'], typist(['r', 'not this one', 'd']));
    expect(run.code).toBe(244);
    expect(run.stderr.match(/Run a command on (web|db)-1/g)?.sort()).toEqual([
      'Run a command on db-1',
      'Run a command on web-1',
    ]);
    const afterFirst = run.stderr.slice(run.stderr.indexOf('Reason, which the agent sees: '));
    expect(afterFirst).toContain('Run a command on');
    expect(run.stderr.match(/not this one/g)).toHaveLength(1);
    expect(world.journal).not.toContain('perform exec');
  });

  it('without a terminal says of each server which card waits, and Ctrl-C withdraws them all', async () => {
    const { cli, screen, world } = await cliHost();
    const { until } = await screen();
    const running = cli(['exec', both, '--', 'reboot']);
    const cards = await until((view) => view.approvals.length === 2 && view.approvals);
    process.emit('SIGINT');
    const run = await running;
    expect(run.code).toBe(130);
    for (const { id, server } of cards)
      expect(run.stderr).toContain(`${server.id.padEnd(5)} | Waits for an approval: ${id}.`);
    await until((view) => view.approvals.length === 0);
    expect(world.journal).not.toContain('perform exec');
  });

  it('runs on a few at once; after Ctrl-C it begins no other', async () => {
    const parts = testParts();
    const ids = Array.from({ length: limits.serversAtOnceMax + 4 }, (_, index) => `node-${index}`);
    for (const id of ids) parts.world.targets.set(id, memoryTarget({ id }));
    const { cli, world } = await cliHost(await runHostOn(parts));
    const full = promiseWithResolvers<void>();
    let running = 0;
    world.servers.run = async (_argv, signal) => {
      running += 1;
      if (running === limits.serversAtOnceMax) full.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { ended: 'cancelled', exitCode: null };
    };
    const run = cli(['exec', '--json', ids.join(','), '--', 'ok']);
    await full.promise;
    process.emit('SIGINT');
    const { code, stdout } = await run;
    expect([code, running]).toEqual([130, limits.serversAtOnceMax]);
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.map((document) => document.server).sort()).toEqual([...ids].sort());
    expect(new Set(documents.map((document) => document.code))).toEqual(new Set(['CANCELLED']));
  });
});
