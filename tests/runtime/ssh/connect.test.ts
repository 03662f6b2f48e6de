/** Connecting to real servers and to things that are none: every failure has its code and a sentence that helps. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2, { type Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { OperationError } from '../../../src/core/codes.ts';
import type { AuthChoice } from '../../../src/core/login/auth-choice.ts';
import { leaveShownHostKeys } from '../../../src/runtime/ssh/shown-host-keys.ts';
import { freePort, type Sshd, sshdRuns, startSshd, target, targetOf } from '../../fixtures/sshd.ts';
import { failure, makeLab, never, textOf, until, withLab } from './lab.ts';

/** A clock whose long waits are short: what takes 12 seconds in life takes 0.3 here. */
const hastyClock: Clock = {
  ...systemClock,
  after: (delayMs, call) => systemClock.after(delayMs / 40, call),
};

describe.runIf(sshdRuns())('a server that cannot be reached', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.stop();
  });

  async function listen(
    handle: (socket: Socket) => void,
  ): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.resume();
      handle(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return { server, port: (server.address() as AddressInfo).port, sockets };
  }

  it('because nothing listens', async () => {
    await withLab(sshd, {}, async (lab) => {
      const error = await failure(lab.exec(target({ port: await freePort() }), ['true']), 'UNREACHABLE');
      expect(error.message).toContain('nothing listens');
      expect(error.outcomeUnknown).toBe(false);
    });
  });

  it('because the name is unknown', async () => {
    await withLab(sshd, {}, async (lab) => {
      await failure(lab.exec(target({ host: 'no-such-host.invalid' }), ['true']), 'UNREACHABLE');
    });
  });

  it.each([
    ['never speaks', () => undefined],
    ['closes at once', (socket: Socket) => socket.end()],
    ['is a web server', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['stops after its greeting', (socket: Socket) => socket.write('SSH-2.0-Silent\r\n')],
  ] as const)('because it %s', async (_name, handle) => {
    const { server, port, sockets } = await listen(handle);
    try {
      await withLab(sshd, { clock: hastyClock }, async (lab) => {
        await failure(lab.exec(target({ port }), ['true']), 'UNREACHABLE');
      });
      // Our side closes what it opened.
      await until(() => sockets.size === 0);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    }
  });

  it('and what it says as it hangs up is told as a quote, in which no command stands out', async () => {
    const said = Buffer.from(`Run \`signalbox server trust-key web-1 SHA256:${'a'.repeat(43)}\`. ${'x'.repeat(400)}`);
    const [length, padding] = [Buffer.alloc(4), 8 - ((said.length + 18) % 8) + 8];
    length.writeUInt32BE(said.length);
    // SSH_MSG_DISCONNECT (RFC 4253, section 11.1), for a protocol error, in English unsaid.
    const payload = Buffer.concat([Buffer.from([1, 0, 0, 0, 2]), length, said, Buffer.alloc(4)]);
    const packet = Buffer.concat([Buffer.alloc(4), Buffer.from([padding]), payload, Buffer.alloc(padding)]);
    packet.writeUInt32BE(packet.length - 4);
    const { server, port, sockets } = await listen((socket) => {
      socket.write('SSH-2.0-Odd\r\n');
      socket.write(packet);
    });
    try {
      await withLab(sshd, {}, async (lab) => {
        const { message } = await failure(lab.exec(target({ port }), ['true']), 'UNREACHABLE');
        expect(message).toContain(`it ended the connection and said "Run 'signalbox server trust-key web-1 SHA256:aaa`);
        expect(message).not.toContain('`');
        expect(message.length).toBeLessThan(400);
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  it('is left alone when the caller gives up', async () => {
    const { server, port, sockets } = await listen(() => undefined);
    const abort = new AbortController();
    try {
      await withLab(sshd, { clock: hastyClock }, async (lab) => {
        const running = lab.exec(target({ port }), ['true'], { signal: abort.signal });
        await until(() => sockets.size === 1);
        abort.abort();
        await failure(running, 'CANCELLED');
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    }
  });
});

describe.runIf(sshdRuns())('a connection', () => {
  let sshd: Sshd;
  let inner: Sshd;
  beforeAll(async () => {
    [sshd, inner] = await Promise.all([startSshd(), startSshd()]);
  });
  afterAll(async () => {
    await Promise.all([sshd?.stop(), inner?.stop()]);
  });

  it('goes through a jump server, each key judged under its own name', async () => {
    const jump = targetOf(sshd, { id: 'bastion' });
    const of = targetOf(inner, { id: 'inner' });
    const settings = new Map([[of.recordHash, { jump, auth: keyOf(inner) }]]);
    const knownHosts = sshd.knownHostsLine + inner.knownHostsLine;
    await withLab(sshd, { knownHosts, settings }, async (lab) => {
      expect(textOf((await lab.exec(of, ['printenv', 'SSH_CONNECTION'])).stdout)).toContain(` ${inner.port}`);
      expect(sshd.sessionPids()).toHaveLength(1);
      expect(inner.sessionPids()).toHaveLength(1);
      expect(lab.servers.status('bastion').state).toBe('connected');
    });
    await withLab(sshd, { knownHosts: sshd.knownHostsLine, settings }, async (lab) => {
      const error = await failure(lab.exec(of, ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.data).toMatchObject({ server: 'inner', fingerprint: inner.hostKeyFingerprint });
    });
    await withLab(sshd, { knownHosts: inner.knownHostsLine, settings }, async (lab) => {
      const error = await failure(lab.exec(of, ['true']), 'HOST_KEY_UNKNOWN');
      expect(error.data).toMatchObject({ server: 'bastion', fingerprint: sshd.hostKeyFingerprint });
    });
  });

  it('asks about the key of a jump host that no record names in the name of the server behind it', async () => {
    const jump = targetOf(sshd, { id: 'ssh:bastion' });
    const of = targetOf(inner, { id: 'inner' });
    const settings = new Map([[of.recordHash, { jump, auth: keyOf(inner) }]]);
    await withLab(sshd, { knownHosts: '', settings }, async (lab) => {
      const [refused, ...none] = await lab.servers.test(of, never());
      expect(none).toEqual([]);
      expect(refused).toMatchObject({ name: 'Jump host', ok: false });
      expect(refused?.detail).toContain(`the jump host bastion (127.0.0.1:${sshd.port})`);
      expect(refused?.detail).toContain(`trust-key inner ${sshd.hostKeyFingerprint}`);
      await failure(lab.servers.trustHostKey(of, `SHA256:${'a'.repeat(43)}`, never()), 'HOST_KEY_UNKNOWN');
      expect(await lab.servers.trustHostKey(of, sshd.hostKeyFingerprint, never())).toMatchObject({ port: sshd.port });
      // Two screens showed the question; the second answer is still about the jump host, not about the server behind it.
      const again = await lab.servers.trustHostKey(of, sshd.hostKeyFingerprint, never());
      expect(again).toMatchObject({ port: sshd.port, wasKnown: true });
      expect(await lab.servers.trustHostKey(of, inner.hostKeyFingerprint, never())).toMatchObject({ port: inner.port });
      const steps = await lab.servers.test(of, never());
      expect(steps.filter((step) => !step.ok)).toEqual([]);
      expect(steps[0]?.detail).toMatch(/^bastion \(.*\), connected already$/);
      // A screen that comes later asks for no second test.
      expect(lab.servers.status('inner')).toMatchObject({ state: 'idle', hostKey: inner.hostKeyFingerprint });
    });
  });

  it('says when the jump server cannot reach further', async () => {
    const of = target({ id: 'inner', port: await freePort() });
    const settings = new Map([[of.recordHash, { jump: targetOf(sshd, { id: 'bastion' }) }]]);
    await withLab(sshd, { settings }, async (lab) => {
      expect((await failure(lab.exec(of, ['true']), 'UNREACHABLE')).message).toContain(
        'bastion could not open the way',
      );
    });
  });

  it('refuses jumps that lead in a circle', async () => {
    const [one, two] = [targetOf(sshd, { id: 'one', recordHash: '1' }), targetOf(sshd, { id: 'two', recordHash: '2' })];
    const settings = new Map([
      ['1', { jump: two }],
      ['2', { jump: one }],
    ]);
    await withLab(sshd, { settings }, async (lab) => {
      await failure(lab.exec(one, ['true']), 'CONFIG_INVALID');
      await failure(lab.exec(two, ['true']), 'CONFIG_INVALID');
    });
  });

  it('closes when nobody uses it, and opens again when somebody does', async () => {
    // Ten minutes in life, and the smallest wait here; the others stay as they are.
    const clock: Clock = {
      ...systemClock,
      after: (delayMs, call) => systemClock.after(delayMs >= 600_000 ? 50 : delayMs, call),
    };
    await withLab(sshd, { clock }, async (lab) => {
      await lab.exec(targetOf(sshd), ['true']);
      await until(() => lab.servers.status('web-1').state === 'idle');
      await until(() => sshd.sessionPids().length === 0);
      expect(lab.servers.status('web-1').problem).toBe(null);
      expect((await lab.exec(targetOf(sshd), 'sleep 0.2')).exitCode).toBe(0);
    });
  });

  it('is closed with its owner, which then refuses to work', async () => {
    const lab = await makeLab(sshd);
    await lab.exec(targetOf(sshd), ['true']);
    await lab.servers.dispose();
    await until(() => sshd.sessionPids().length === 0);
    await failure(lab.exec(targetOf(sshd), ['true']), 'CANCELLED');
    await lab.dispose();
  });

  it('has the server prove no key but the one that it is known by', async () => {
    const proofsOf = async (prepare: (client: Client) => void): Promise<number> => {
      const client = new ssh2.Client();
      let proofs = 0;
      client.on('hostkeys', () => {
        proofs += 1;
      });
      const ready = once(client, 'ready');
      const { host, port, username } = sshd;
      client.connect({ host, port, username, privateKey: await readFile(sshd.privateKeyPath) });
      prepare(client);
      await ready;
      // Its keys were shown before it takes a command, and it answers in the order in which it is asked.
      await new Promise<void>((resolve) =>
        client.exec('true', (_error, channel) => void channel.once('close', () => resolve()).resume()),
      );
      client.end();
      return proofs;
    };
    expect(await proofsOf(() => undefined)).toBe(1);
    expect(await proofsOf(leaveShownHostKeys)).toBe(0);
  });

  it('is tested step by step, up to the step that fails', async () => {
    await withLab(sshd, {}, async (lab) => {
      const steps = await lab.servers.test(targetOf(sshd), never());
      expect(steps.map((step) => `${step.name} ${step.ok}`)).toEqual([
        'Network true',
        'Host key true',
        'Login true',
        'Commands true',
        'Files true',
      ]);
      expect(steps[3]?.detail).toContain('Linux');
      // What its connection has shown is told as of any other.
      const files = { posixRename: true, fsync: true, statvfs: true };
      expect(lab.servers.status('web-1').line).toMatchObject({ commands: 'ours', files });
      const refusal = await lab.servers.test(target({ port: await freePort() }), never());
      expect(refusal.map((step) => `${step.name} ${step.ok}`)).toEqual(['Network false']);
    });
    await withLab(sshd, { knownHosts: '' }, async (lab) => {
      const steps = await lab.servers.test(targetOf(sshd), never());
      expect(steps.map((step) => `${step.name} ${step.ok}`)).toEqual(['Network true', 'Host key false']);
      expect(steps[1]?.detail).toContain('trust-key');
    });
  });

  it('is not said to answer when nothing was asked, because there is no way to log in', async () => {
    const connections = {
      connection: () => Promise.reject(new OperationError('CREDENTIALS_UNAVAILABLE', 'No agent.')),
    };
    await withLab(sshd, { connections }, async (lab) => {
      const steps = await lab.servers.test(targetOf(sshd), never());
      expect(steps.map((step) => `${step.name} ${step.ok}`)).toEqual(['Settings false']);
    });
  });
});

function keyOf(sshd: Sshd): readonly AuthChoice[] {
  return [{ kind: 'privateKey', privateKeyPath: sshd.privateKeyPath, passphrase: null }];
}
