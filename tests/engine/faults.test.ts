/**
 * Bad input and faults through the assembled engine: what the asker is told, what the log says, and that nothing was done. Each is a
 * fault of a real server, file or disk.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { type EngineWorld, type EngineWorldOptions, openEngineWorld, yes } from '../fixtures/engine-world.ts';
import { canMount, mountTiny } from '../fixtures/mounts.ts';
import { toRecord } from '../fixtures/program-world.ts';
import { freePort, type Sshd, sshdRuns, startSshd } from '../fixtures/sshd.ts';
import { until } from '../runtime/ssh/lab.ts';

async function withEngine<T>(options: EngineWorldOptions, task: (world: EngineWorld) => Promise<T>): Promise<T> {
  const world = await openEngineWorld(options);
  try {
    world.answer(() => yes);
    const result = await task(world);
    expect(await world.engine.audit.verify()).toMatchObject({ ok: true });
    return result;
  } finally {
    await world.dispose();
  }
}

/** Everything time-bound thirty times faster. */
const hurriedClock: Clock = { ...systemClock, after: (delayMs, call) => systemClock.after(delayMs / 30, call) };

const someone = { host: '127.0.0.1', username: 'nobody', environment: 'development', auth: { kind: 'agent' } } as const;
const uptime = { server: 'web-1', argv: ['uptime'] };

describe('a registry that cannot be used', () => {
  const known = { id: 'web-1', ...someone };
  it.each<[string, EngineWorldOptions['servers'], string, string]>([
    ['has no such server', [{ ...known, id: 'web-2' }], 'SERVER_NOT_FOUND', 'did you mean "web-2"?'],
    ['is not JSON', '[{', 'CONFIG_INVALID', 'servers.json'],
    ['is no list', '{}', 'CONFIG_INVALID', 'servers.json'],
    ['has a record with an unknown key', [{ ...known, hots: 'h' }], 'CONFIG_INVALID', 'hots'],
    ['has a record with a bad value', [{ ...known, port: 70_000 }], 'CONFIG_INVALID', 'port'],
    ['has the id twice', [known, known], 'CONFIG_INVALID', 'web-1'],
  ])('%s: nothing runs, and the sentence says what to mend', async (_what, servers, code, words) => {
    await withEngine({ servers }, async (world) => {
      const envelope = await world.ask('remote_exec', uptime);
      expect(envelope).toMatchObject({ status: 'error', code, execution: { attempted: false } });
      expect(envelope.message).toContain(words);
      expect(await world.lastRow()).toMatchObject({ outcome: 'refused', code });
      expect(world.cards).toEqual([]);
    });
  });

  it('can be written by others: nothing runs, and the sentence holds the chmod', async () => {
    const prepare: EngineWorldOptions['prepare'] = ({ serversFile }) => void chmodSync(serversFile, 0o666);
    await withEngine({ servers: [known], prepare }, async (world) => {
      const envelope = await world.ask('remote_exec', uptime);
      expect(envelope).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('chmod') });
    });
  });

  it.each([
    ['is not JSON', '{', 'not valid JSON'],
    ['has an unknown key', '{"aprovals":{}}', 'approvals'],
  ])('whose config.json %s starts no engine at all', async (_what, text, words) => {
    const prepare: EngineWorldOptions['prepare'] = ({ configFile }) =>
      void writeFileSync(configFile, text, { mode: 0o600 });
    await expect(openEngineWorld({ servers: [], prepare })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(words),
    });
  });
});

describe.runIf(sshdRuns())('a server that cannot be reached or entered', () => {
  let sshd: Sshd;
  let stranger: Sshd;
  beforeAll(async () => {
    [sshd, stranger] = await Promise.all([startSshd({ account: { password: 'right secret' } }), startSshd()]);
  });
  afterAll(async () => {
    await sshd?.stop();
    await stranger?.stop();
  });
  const record = (auth: object): Record<string, unknown> => ({ ...toRecord('web-1', sshd, 'development'), auth });

  it.each<[string, () => object, string, string]>([
    [
      'a key file that is missing',
      () => ({ kind: 'privateKey', privateKeyPath: '/no/such/key' }),
      'CREDENTIALS_UNAVAILABLE',
      '/no/such/key',
    ],
    [
      'a key that the server does not know',
      () => ({ kind: 'privateKey', privateKeyPath: stranger.privateKeyPath }),
      'AUTH_FAILED',
      'Tried: the key',
    ],
    ['a wrong password', () => ({ kind: 'password', secret: 'wrong secret' }), 'AUTH_FAILED', 'Tried: the password'],
    [
      'a password whose variable is not set',
      () => ({ kind: 'password', secret: { env: 'NOT_SET' } }),
      'CREDENTIALS_UNAVAILABLE',
      'NOT_SET',
    ],
    ['no ssh-agent', () => ({ kind: 'agent' }), 'CREDENTIALS_UNAVAILABLE', 'ssh-agent'],
  ])('with %s fails before anything runs, and shows no secret', async (_what, toAuth, code, words) => {
    await withEngine({ servers: [record(toAuth())], knownHosts: sshd.knownHostsLine }, async (world) => {
      const envelope = await world.ask('remote_exec', uptime);
      expect(envelope).toMatchObject({ status: 'error', code });
      expect(envelope.message).toContain(words);
      expect(JSON.stringify(envelope)).not.toMatch(/(right|wrong) secret/);
      expect(await world.lastRow()).toMatchObject({ outcome: 'failed', code });
      expect(await world.engine.audit.openItems()).toEqual([]);
    });
  });

  it.each([
    ['an unknown host key', '', 'HOST_KEY_UNKNOWN'],
    ['a changed host key', 'other', 'HOST_KEY_CHANGED'],
  ])('with %s is not logged in to, for any operation', async (_what, known, code) => {
    const line = stranger.knownHostsLine.replace(`:${stranger.port}`, `:${sshd.port}`);
    const auth = { kind: 'password', secret: 'right secret' };
    await withEngine({ servers: [record(auth)], knownHosts: known && line }, async (world) => {
      const before = sshd.log();
      for (const [operation, input] of [
        ['remote_exec', { argv: ['uptime'] }],
        ['remote_read_file', { path: '/etc/hostname' }],
        ['remote_write_file', { path: '/etc/hostname', content: 'x' }],
      ] as const)
        expect(await world.ask(operation, { server: 'web-1', ...input })).toMatchObject({
          status: 'error',
          code,
          message: expect.stringContaining(sshd.hostKeyFingerprint),
        });
      expect(sshd.log().slice(before.length)).not.toMatch(/Accepted|Failed/);
      expect(world.cards).toEqual([]);
    });
  });

  it('refuses the connection: said at once', async () => {
    const port = await freePort();
    await withEngine(
      { servers: [{ id: 'web-1', ...someone, port, auth: { kind: 'password', secret: 'x' } }] },
      async (world) => {
        expect(await world.ask('remote_exec', uptime)).toMatchObject({ code: 'UNREACHABLE' });
        expect(await world.engine.audit.openItems()).toEqual([]);
      },
    );
  });

  it('accepts and then says nothing: given up on, and nothing ran', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const servers = [{ id: 'web-1', ...someone, port, auth: { kind: 'password', secret: 'x' } }];
    try {
      await withEngine({ servers, clock: hurriedClock }, async (world) => {
        expect(await world.ask('remote_exec', uptime)).toMatchObject({ code: 'UNREACHABLE' });
        expect(await world.lastRow()).toMatchObject({ outcome: 'failed' });
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});

describe.runIf(sshdRuns())('a server that fails at work', () => {
  let sshd: Sshd;
  let options: EngineWorldOptions;
  beforeAll(async () => {
    sshd = await startSshd();
    options = { servers: [toRecord('web-1', sshd, 'development')], knownHosts: sshd.knownHostsLine };
  });
  afterAll(() => sshd?.stop());

  it('drops the line in the middle of a command: outcome unknown, output so far, an open item until somebody saw it', async () => {
    await withEngine(options, async (world) => {
      const pidFile = join(sshd.folder, 'pid');
      const running = world.ask('remote_exec', {
        server: 'web-1',
        command: `echo begun; echo $$ > ${pidFile}; exec sleep 600`,
      });
      await until(() => readdirSync(sshd.folder).includes('pid') && readFileSync(pidFile, 'utf8') !== '');
      const pid = Number(readFileSync(pidFile, 'utf8'));
      try {
        for (const session of sshd.sessionPids()) process.kill(session, 'SIGKILL');
        const envelope = await running;
        expect(envelope).toMatchObject({
          status: 'error',
          code: 'CONNECTION_LOST',
          data: { stdout: 'begun\n' },
          execution: { attempted: true, completed: false },
        });
        expect(envelope.message).toMatch(/unknown|not known|may have/);
        const [item, ...others] = await world.engine.audit.openItems();
        expect([item, others]).toMatchObject([{ id: envelope.audit.id, outcome: 'unknown-outcome' }, []]);
      } finally {
        process.kill(pid, 'SIGKILL');
      }
      // The next request connects anew.
      expect((await world.ask('remote_exec', uptime)).status).toBe('ok');
    });
  });

  it('has no such file, or a folder or a device in its place: each is told as what it is', async () => {
    const folder = join(sshd.folder, 'things');
    mkdirSync(folder);
    await withEngine(options, async (world) => {
      const ask = (operation: string, path: string, more = {}) =>
        world.ask(operation, { server: 'web-1', path, ...more });
      const missing = join(folder, 'missing');
      const patch = `--- a${missing}\n+++ b${missing}\n@@ -1 +1 @@\n-a\n+b\n`;
      for (const [operation, path, more, code] of [
        ['remote_read_file', missing, {}, 'FILE_NOT_FOUND'],
        ['remote_stat', missing, {}, 'FILE_NOT_FOUND'],
        ['remote_list_dir', missing, {}, 'FILE_NOT_FOUND'],
        ['remote_patch_file', missing, { patch }, 'FILE_NOT_FOUND'],
        ['remote_read_file', folder, {}, 'NOT_A_FILE'],
        ['remote_write_file', folder, { content: 'x' }, 'NOT_A_FILE'],
        ['remote_write_file', '/dev/full', { content: 'x' }, 'NOT_A_FILE'],
        ['remote_list_dir', '/etc/hostname', {}, 'INVALID_ARGUMENT'],
      ] as const) {
        const envelope = await ask(operation, path, more);
        expect([operation, path, envelope.code]).toEqual([operation, path, code]);
        expect(envelope.message).toContain(path);
      }
      expect(world.cards).toEqual([]);
    });
  });

  it('has another content than a patch expects: no card, and the file stays', async () => {
    const path = join(sshd.folder, 'app.conf');
    writeFileSync(path, 'one\ntwo\n');
    await withEngine(options, async (world) => {
      const patch = `--- a${path}\n+++ b${path}\n@@ -1,2 +1,2 @@\n one\n-three\n+four\n`;
      expect(await world.ask('remote_patch_file', { server: 'web-1', path, patch })).toMatchObject({
        code: 'PATCH_FAILED',
        execution: { attempted: false },
      });
      expect([world.cards, readFileSync(path, 'utf8')]).toEqual([[], 'one\ntwo\n']);
    });
  });

  it('denies the account a file: told with the account, nothing changed', async () => {
    const ordinary = await startSshd({ account: {} });
    const secret = join(ordinary.folder, 'closed');
    writeFileSync(secret, 'x', { mode: 0o600 });
    try {
      const servers = [toRecord('web-1', ordinary, 'development')];
      await withEngine({ servers, knownHosts: ordinary.knownHostsLine }, async (world) => {
        for (const [operation, input] of [
          ['remote_read_file', { path: secret }],
          ['remote_write_file', { path: secret, content: 'y' }],
          ['remote_write_file', { path: '/etc/signalbox-test', content: 'y' }],
          ['remote_list_dir', { path: '/root' }],
        ] as const)
          expect(await world.ask(operation, { server: 'web-1', ...input })).toMatchObject({
            status: 'error',
            code: 'PERMISSION_DENIED',
          });
        expect(readFileSync(secret, 'utf8')).toBe('x');
      });
    } finally {
      await ordinary.stop();
    }
  });
});

describe.runIf(sshdRuns() && canMount('a server with a full disk'))('a server with a full disk', () => {
  it('keeps the old file whole, and says that there is no space', async () => {
    const sshd = await startSshd();
    const disk = mkdtempSync(join(tmpdir(), 'signalbox-full-'));
    const unmount = mountTiny(disk, '64k');
    const path = join(disk, 'data');
    writeFileSync(path, 'before\n');
    try {
      const servers = [toRecord('web-1', sshd, 'development')];
      await withEngine({ servers, knownHosts: sshd.knownHostsLine }, async (world) => {
        const content = 'x'.repeat(200_000);
        expect(await world.ask('remote_write_file', { server: 'web-1', path, content })).toMatchObject({
          status: 'error',
          code: 'NO_SPACE',
        });
        expect([readFileSync(path, 'utf8'), readdirSync(disk)]).toEqual(['before\n', ['data']]);
        expect(await world.lastRow()).toMatchObject({ outcome: 'failed', code: 'NO_SPACE' });
        expect(await world.engine.audit.openItems()).toEqual([]);
      });
    } finally {
      unmount();
      rmSync(disk, { recursive: true, force: true });
      await sshd.stop();
    }
  });
});
