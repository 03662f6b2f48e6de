/**
 * Lines that break, fall silent, end on one side, change their address or jitter, in the handshake and afterwards: what begins again by itself,
 * what is told, and that the next try finds the server.
 */

import { randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { promiseWithResolvers } from '../../../src/base/promise-with-resolvers.ts';
import { LoginDesk } from '../../../src/core/login/login-desk.ts';
import type { Target } from '../../../src/core/server.ts';
import { LeapClock } from '../../fixtures/leap-clock.ts';
import { type Line, openLine } from '../../fixtures/line.ts';
import { type Sshd, sshdRuns, startSshd, targetOf } from '../../fixtures/sshd.ts';
import { failure, type Lab, makeLab, textOf, until, withLab } from './lab.ts';

const handshakeMs = 12_000;
const name = 'web.example';

describe.runIf(sshdRuns())('a line', () => {
  let sshd: Sshd;
  let line: Line;
  let lab: Lab;
  let clock: LeapClock;
  let target: Target;
  const knownAs = (host: string, port: number): string =>
    sshd.knownHostsLine.replace(`[127.0.0.1]:${sshd.port}`, `[${host}]:${port}`);
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd?.stop());
  beforeEach(async () => {
    line = await openLine(sshd);
    clock = new LeapClock();
    target = targetOf(sshd, { host: name, port: line.port });
    lab = await makeLab(sshd, { clock, knownHosts: knownAs(name, line.port) });
    resolveTo('127.0.0.1');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await lab.dispose();
    await line.close();
  });

  /** What the name service of this machine says from now on; null: nothing. */
  function resolveTo(address: string | null): void {
    const lookup = (...all: unknown[]): void => {
      const answer = all.at(-1) as (error: Error | null, address?: unknown, family?: number) => void;
      const wantsAll = Reflect.get(Object(all[1]), 'all') === true;
      if (address === null) answer(Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }));
      else if (wantsAll) answer(null, [{ address, family: 4 }]);
      else answer(null, address, 4);
    };
    vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  }
  const run = async (): Promise<string> => textOf((await lab.exec(target, ['echo', 'here'])).stdout);

  describe('that breaks in the handshake', () => {
    /** What the server has sent by then, of all up to the first answer of a command. */
    const phases = [
      ['before the greeting', () => 0],
      ['in the exchange of keys', () => Math.floor(sent.atLogin / 4)],
      ['in the login', () => sent.atLogin - 1],
      ['before the first channel', () => sent.atLogin],
    ] as const;
    const sent = { atLogin: 0 };
    beforeEach(async () => {
      if (sent.atLogin > 0) return;
      const watching = lab.servers.onStatus(({ state }) => {
        if (state === 'connected' && sent.atLogin === 0) sent.atLogin = line.passed.down;
      });
      await run();
      watching.dispose();
      line.reset();
      await until(() => lab.servers.status(target.id).state === 'lost');
    });

    it.each(phases)('%s with a reset is tried again, and the command runs', async (_phase, bytes) => {
      const cut = line.cutAfter('down', bytes());
      const running = run();
      await cut;
      line.reset();
      expect(await running).toBe('here\n');
    });

    it.each(phases.slice(1))(
      '%s with silence is given up in time; the next try finds the server',
      async (_phase, bytes) => {
        const cut = line.cutAfter('down', bytes());
        const running = lab.exec(target, ['echo', 'here']).then(
          () => null,
          (error: Error) => error,
        );
        await cut;
        // After the login it is the keepalive that notices, and the command begins anew.
        const isIn = lab.servers.status(target.id).state === 'connected';
        if (isIn) line.refuse('new connections');
        clock.leap(isIn ? 20_000 : handshakeMs);
        const timer = setInterval(() => clock.leap(500), 20);
        expect((await running.finally(() => clearInterval(timer)))?.message).toMatch(/did not|hung up at once/);
        line.refuse('nothing');
        line.reset();
        expect(await run()).toBe('here\n');
      },
    );
  });

  it('that ends on one side only is lost for both', async () => {
    for (const way of ['down', 'up'] as const) {
      await run();
      line.finish(way);
      await until(() => lab.servers.status(target.id).state === 'lost');
      expect(await run()).toBe('here\n');
    }
  });

  it('whose address changes is dead without a word, and the name is asked again; a host that proves another key is refused', async () => {
    await run();
    line.stall();
    resolveTo('127.0.0.2');
    clock.leap(20_000);
    expect(lab.servers.status(target.id)).toMatchObject({ state: 'lost' });
    // Nobody is there yet, and the name is what it was before once the network is.
    await failure(lab.exec(target, ['true']), 'UNREACHABLE');
    resolveTo('127.0.0.1');
    line.go();
    line.reset();
    expect(await run()).toBe('here\n');
    line.reset();
    const other = await startSshd();
    try {
      const stranger = { ...target, port: other.port };
      await withLab(sshd, { knownHosts: knownAs(name, other.port) }, async (strange) => {
        await failure(strange.exec(stranger, ['true']), 'HOST_KEY_CHANGED');
      });
    } finally {
      await other.stop();
    }
  });

  it('whose name is not known for a while is reached once it is', async () => {
    resolveTo(null);
    expect((await failure(lab.exec(target, ['true']), 'UNREACHABLE')).message).toContain('the name is not known');
    resolveTo('127.0.0.1');
    expect(await run()).toBe('here\n');
  });

  it('that jitters and stops for moments carries a file and a command unchanged', async () => {
    const path = join(sshd.folder, 'jitter');
    const content = randomBytes(300_000);
    writeFileSync(path, content);
    let step = 0;
    const timer = setInterval(() => {
      step += 1;
      if (step % 7 === 0) line.stall();
      else line.go();
      line.setDelay((step * 13) % 40);
    }, 5);
    try {
      const read = await lab.perform(target, { kind: 'read-file', path, offset: 0, length: null, bytesMax: 1_000_000 });
      expect(Buffer.from(read.content).equals(content)).toBe(true);
      expect(await run()).toBe('here\n');
    } finally {
      clearInterval(timer);
      line.go();
    }
  });

  it.each([0, 1, 100_000])(
    'that breaks in a read, after %d bytes of it, is read again over the next one',
    async (bytes) => {
      const path = join(sshd.folder, 'read');
      const content = randomBytes(300_000);
      writeFileSync(path, content);
      await lab.perform(target, { kind: 'stat', path });
      const cut = line.cutAfter('down', bytes);
      const reading = lab.perform(target, { kind: 'read-file', path, offset: 0, length: null, bytesMax: 1_000_000 });
      await cut;
      line.reset();
      expect(Buffer.from((await reading).content).equals(content)).toBe(true);
    },
  );
});

describe.runIf(sshdRuns())('a login that waits for a person', () => {
  it('longer than the server waits ends with it, and the question goes', async () => {
    const sshd = await startSshd({ config: ['LoginGraceTime 1', 'PasswordAuthentication yes'] });
    const clock = new LeapClock();
    const questions = new LoginDesk({ clock, redactor: { hold: () => undefined }, newId: () => 'q1' });
    questions.attend();
    const auth = [{ kind: 'password', secret: null }] as const;
    const settings = new Map([[targetOf(sshd).recordHash, { auth }]]);
    try {
      await withLab(sshd, { settings, questions, clock }, async (lab) => {
        const running = failure(lab.exec(targetOf(sshd), ['true']), 'AUTH_FAILED');
        await until(() => questions.waiting.length === 1);
        expect((await running).message).toContain('did not wait');
        expect(questions.waiting).toEqual([]);
      });
    } finally {
      questions.dispose();
      await sshd.stop();
    }
  });
});

describe.runIf(sshdRuns())('an sshd that is restarted', () => {
  it('while it is used: what runs is told as lost, what is asked meanwhile as unreachable, and with other keys it is a stranger', async () => {
    const first = await startSshd();
    const lab = await makeLab(first, { knownHosts: '' });
    const at = targetOf(first);
    try {
      await lab.servers.trustHostKey(at, first.hostKeyFingerprint, new AbortController().signal);
      const begun = promiseWithResolvers<void>();
      const sink = { onOutput: () => begun.resolve() };
      const lost = failure(lab.exec(at, 'echo begun; sleep 600', { sink }), 'CONNECTION_LOST');
      await begun.promise;
      for (const pid of first.sessionPids()) process.kill(pid, 'SIGKILL');
      const error = await lost;
      expect(error.outcomeUnknown).toBe(true);
      process.kill(-Number(error.data?.['processGroup']), 'SIGKILL');
      await first.stop();
      await failure(lab.exec(at, ['true']), 'UNREACHABLE');
      const second = await startSshd({ port: first.port });
      try {
        // It has made itself new keys: nothing is run on it.
        await failure(lab.exec(at, ['true']), 'HOST_KEY_CHANGED');
      } finally {
        await second.stop();
      }
    } finally {
      await lab.dispose();
      await first.stop();
    }
  });
});

describe.runIf(sshdRuns())('a server that gives up whoever is silent', () => {
  it('is found to have done so with the next word of it, and the command runs', async () => {
    const sshd = await startSshd({ config: ['ClientAliveInterval 1', 'ClientAliveCountMax 1'] });
    const line = await openLine(sshd);
    const at = targetOf(sshd, { port: line.port });
    const knownHosts = sshd.knownHostsLine.replace(`:${sshd.port}`, `:${line.port}`);
    try {
      await withLab(sshd, { knownHosts }, async (lab) => {
        await lab.exec(at, ['true']);
        line.stall();
        await until(() => sshd.sessionPids().length === 0);
        line.go();
        expect((await lab.exec(at, ['true'])).exitCode).toBe(0);
      });
    } finally {
      await line.close();
      await sshd.stop();
    }
  });
});
