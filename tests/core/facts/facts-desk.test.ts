/** What servers tell about themselves: through the gate, from a fixed list, once for all who ask, and nobody is ever asked for leave. */
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import { FactsDesk } from '../../../src/core/facts/facts-desk.ts';
import { probeNames } from '../../../src/core/facts/probe-table.ts';
import type { FactsRequest, ServerFacts } from '../../../src/core/facts/server-facts.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { farLine } from '../../fixtures/line-facts.ts';
import { memoryTarget, memoryWorld } from '../../fixtures/memory-world.ts';
import { envelope, scriptedGate } from '../../fixtures/scripted-gate.ts';
import { plainRedactor } from '../../fixtures/word-policy.ts';

const printed: Readonly<Record<string, string>> = {
  system: 'Linux 6.8.0-45-generic x86_64\n',
  release: 'NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\n',
  init: 'systemd\n',
  packages: '/usr/bin/apt-get\n/usr/bin/dnf\n',
  services: 'cron.service loaded active running Regular jobs\nnginx.service loaded active running Web hunter2\n',
  memory: 'MemTotal:       16384 kB\nMemFree:         1024 kB\nMemAvailable:    8192 kB\n',
  disks:
    'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 1000 400 600 40% /\ntmpfs 10 0 10 0% /run\n/dev/sdb1 10 1 9 10% /srv/my data\n',
  processors: '4\n',
  uptime: '93784.25 1.0\n',
  clock: '1060\n',
  shell: '/usr/bin/fish\n',
  tools: '/usr/bin/timeout\n/usr/bin/env\nwhich: no setsid in (/usr/bin)\n/usr/bin/sudo\n',
};

function openDesk(change: (probe: string) => Partial<Parameters<typeof envelope>[1]> | null = () => null) {
  const clock = new HandClock();
  const stored = new Map<string, ServerFacts>();
  const { audit } = memoryWorld();
  let ids = 0;
  const shown = { hostKey: farLine.hostKey };
  const learnedAnew: string[] = [];
  const gate = scriptedGate((request) => {
    const { probe } = request.input as { probe: string };
    const data = { stdout: printed[probe] ?? '', stderr: '' };
    return envelope('probe', { data, ...change(probe) });
  });
  const targets = new Map([['web-1', memoryTarget()]]);
  const options = {
    ...{ gate, clock, redactor: plainRedactor },
    ...{ audit, newId: () => `f${(ids += 1)}` },
    servers: {
      status: (id: string) => ({
        id,
        state: 'connected' as const,
        latencyMs: 52,
        problem: null,
        hostKey: shown.hostKey,
      }),
      line: async () => ({ ...farLine, hostKey: shown.hostKey }),
      learnAnew: async ({ id }: { id: string }) => void learnedAnew.push(id),
    },
    registry: {
      list: async () => ({ servers: [], broken: [], warnings: [] }),
      resolve: async (id: string) => targets.get(id) ?? memoryTarget({ id }),
    },
    store: {
      read: async (hash: string) => stored.get(hash) ?? null,
      write: async (hash: string, facts: ServerFacts) => void stored.set(hash, facts),
    },
  };
  const request: FactsRequest = {
    ...{ server: 'web-1', workspace: null, session: 's1', agent: 'opencode', origin: 'agent', refresh: 'when old' },
    signal: new AbortController().signal,
  };
  return {
    desk: new FactsDesk(options),
    another: () => new FactsDesk(options),
    gate,
    clock,
    request,
    stored,
    ...{ targets, audit, shown, learnedAnew },
  };
}

describe('the facts of a server', () => {
  it('are parsed from what the probes print', async () => {
    const { desk, request } = openDesk();
    expect(await desk.read(request)).toEqual({
      server: 'web-1',
      gatheredAt: new Date(1_000_000).toISOString(),
      os: 'Ubuntu 24.04.1 LTS',
      kernel: 'Linux 6.8.0-45-generic',
      architecture: 'x86_64',
      packageManager: 'apt',
      init: 'systemd',
      services: { running: ['cron', 'nginx'], more: 0 },
      processors: 4,
      memory: { totalBytes: 16_384 * 1_024, availableBytes: 8_192 * 1_024 },
      disks: [
        { mount: '/', sizeBytes: 1_024_000, availableBytes: 614_400 },
        { mount: '/srv/my data', sizeBytes: 10_240, availableBytes: 9_216 },
      ],
      uptimeSeconds: 93_784,
      clockSkewSeconds: 61,
      loginShell: '/usr/bin/fish',
      tools: ['timeout', 'env', 'sudo'],
      line: farLine,
      unknown: [],
    });
  });

  it('are asked for by the program, in the name of the session, on this server alone', async () => {
    const { desk, request, gate } = openDesk();
    await desk.read(request);
    expect(gate.requests).toHaveLength(probeNames.length);
    for (const { caller, operation } of gate.requests) {
      expect(operation).toBe('probe');
      expect(caller).toMatchObject({ origin: 'program', session: 's1', servers: ['web-1'], readonly: true });
    }
  });

  it('are gathered once for all who ask at the same time, and not again within the hour', async () => {
    const { desk, request, gate, clock, another } = openDesk();
    const changed: string[] = [];
    desk.onChanged((server) => changed.push(server));
    await Promise.all([desk.read(request), desk.read(request)]);
    clock.advance(3_599_000);
    await desk.read(request);
    // The next host finds them on disk.
    await another().read(request);
    expect(gate.requests).toHaveLength(probeNames.length);
    expect(changed).toEqual(['web-1']);
    clock.advance(1_000);
    await desk.read(request);
    expect(gate.requests).toHaveLength(2 * probeNames.length);
    clock.advance(30_000);
    await desk.read({ ...request, refresh: 'now' });
    expect(gate.requests).toHaveLength(3 * probeNames.length);
  });

  it('of another record of the server are those of another machine', async () => {
    const { desk, request, gate, targets } = openDesk();
    await desk.read(request);
    targets.set('web-1', memoryTarget({ recordHash: 'record-2' }));
    expect(await desk.known(request)).toBeNull();
    await desk.read(request);
    expect(gate.requests).toHaveLength(2 * probeNames.length);
  });

  it('behind another host key are those of another machine', async () => {
    const { desk, request, gate, shown } = openDesk();
    await desk.read(request);
    shown.hostKey = 'SHA256:two';
    expect(await desk.known(request)).toBeNull();
    expect((await desk.read(request)).line?.hostKey).toBe('SHA256:two');
    expect(gate.requests).toHaveLength(2 * probeNames.length);
  });

  it('are learned anew from its connections, too, where a person asks for that', async () => {
    const { desk, request, learnedAnew, clock } = openDesk();
    await desk.read(request);
    clock.advance(30_000);
    await desk.read({ ...request, refresh: 'now' });
    expect(learnedAnew).toEqual([]);
    await desk.read({ ...request, session: null, agent: null, origin: 'operator', refresh: 'now' });
    expect(learnedAnew).toEqual(['web-1']);
  });

  it('that cannot be had are named, with the reason', async () => {
    const refused = { status: 'error', code: 'POLICY_REJECTED', message: 'Rule x rejects it.', data: {} } as const;
    const failed = { status: 'error', code: 'NON_ZERO_EXIT', message: 'It ended with status 1.' } as const;
    const stderr = 'cat: hunter2: No such file\nmore';
    const { desk, request } = openDesk((probe) => {
      if (probe === 'memory') return { ...failed, data: { stdout: '', stderr } };
      return probe === 'services' || probe === 'clock' ? refused : null;
    });
    const facts = await desk.read(request);
    expect(facts).toMatchObject({ services: null, clockSkewSeconds: null, os: 'Ubuntu 24.04.1 LTS' });
    expect(facts.unknown).toEqual([
      { probe: 'services', reason: 'Rule x rejects it.' },
      { probe: 'memory', reason: 'It ended with status 1. cat: «redacted:0001»: No such file' },
      { probe: 'clock', reason: 'Rule x rejects it.' },
    ]);
  });

  it('are an error when nothing at all could be found out, and are not kept', async () => {
    const lost = { status: 'error', code: 'UNREACHABLE', message: 'web-1 does not answer.', data: {} } as const;
    const { desk, request, stored } = openDesk(() => lost);
    await expect(desk.read(request)).rejects.toMatchObject({ code: 'UNREACHABLE', message: 'web-1 does not answer.' });
    expect(stored.size).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['binary rubbish', '\0\x01\xff'],
    ['a very long line', 'x'.repeat(100_000)],
    ['a table', 'USER PID COMMAND\nroot 1 systemd\n'],
    ['a page of html', '<html><body>login</body></html>\n'],
  ])('are null, and never a guess, for a server that prints %s', async (_name, stdout) => {
    const { desk, request } = openDesk(() => ({ data: { stdout, stderr: '' } }));
    const facts = await desk.read(request);
    expect(facts).toMatchObject({
      os: null,
      init: null,
      packageManager: null,
      processors: null,
      memory: null,
      clockSkewSeconds: null,
      uptimeSeconds: null,
    });
    expect(facts.disks).toEqual([]);
    expect(facts.services?.running).toEqual([]);
    expect(JSON.stringify(facts).length).toBeLessThan(2_000);
  });
});

describe('facts that are known already', () => {
  it('are recorded as read, once for each session, server and age', async () => {
    const { desk, request, audit, clock } = openDesk();
    await desk.read(request);
    expect(audit.entries).toEqual([]);
    for (let count = 0; count < 3; count += 1) await desk.read(request);
    await desk.read({ ...request, session: 's2' });
    await desk.read({ ...request, session: null, agent: null, origin: 'operator' });
    expect(audit.entries.map(({ type, session }) => `${type} ${session}`)).toEqual(
      ['s1', 's2', null].flatMap((session) => [`intent ${session}`, `permit ${session}`, `result ${session}`]),
    );
    const shared = { id: 'f1', session: 's1', agent: 'opencode', origin: 'agent', tool: 'probe', server: 'web-1' };
    expect(audit.entries.slice(0, 3)).toMatchObject([
      { type: 'intent', ...shared },
      { type: 'permit', ...shared, approver: 'policy', rule: 'facts.kept' },
      { type: 'result', ...shared, status: 'ok', note: expect.stringContaining('1970-01-01T00:16:40.000Z') },
    ]);
    clock.advance(3_600_000);
    await desk.read(request);
    await desk.read(request);
    expect(audit.entries).toHaveLength(12);
  });

  it('are recorded once, too, when a list tells of them', async () => {
    const { desk, request, audit } = openDesk();
    expect(await desk.known(request)).toBeNull();
    await desk.read(request);
    expect(audit.entries).toEqual([]);
    for (let count = 0; count < 2; count += 1) expect((await desk.known(request))?.server).toBe('web-1');
    await desk.read(request);
    expect(audit.entries).toHaveLength(3);
  });

  it('are shown to a person without a look, and that is recorded nowhere', async () => {
    const { desk, request, audit, gate } = openDesk();
    expect(await desk.peek('web-1', null)).toEqual({ facts: null, line: farLine });
    await desk.read(request);
    const asked = gate.requests.length;
    expect((await desk.peek('web-1', null)).facts?.os).toBe('Ubuntu 24.04.1 LTS');
    expect([gate.requests.length, audit.entries]).toEqual([asked, []]);
  });

  it('are not given out when that cannot be recorded', async () => {
    const { desk, request, audit } = openDesk();
    await desk.read(request);
    audit.append = () => Promise.reject(new OperationError('AUDIT_UNAVAILABLE', 'No space is left.'));
    await expect(desk.read(request)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await expect(desk.known(request)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  });
});

describe('an agent that wants a server looked at again and again', () => {
  it('is told when it may, which is recorded once, and a person may at any time', async () => {
    const { desk, request, audit, clock, gate, targets } = openDesk();
    targets.set('db-1', memoryTarget({ id: 'db-1', recordHash: 'record-db' }));
    await desk.read({ ...request, refresh: 'now' });
    clock.advance(12_000);
    for (const session of ['s1', 's1', 's2'])
      await expect(desk.read({ ...request, session, refresh: 'now' })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: 'web-1 was looked at 12 s ago; it can be looked at again in 18 s.',
      });
    expect(audit.entries.map(({ type, session, rule }) => [type, session, rule])).toEqual([
      ['refused', 's1', 'facts.refresh'],
      ['refused', 's2', 'facts.refresh'],
    ]);
    await desk.read({ ...request, server: 'db-1', refresh: 'now' });
    await desk.read({ ...request, session: null, agent: null, origin: 'operator', refresh: 'now' });
    clock.advance(30_000);
    await desk.read({ ...request, refresh: 'now' });
    expect(gate.requests).toHaveLength(4 * probeNames.length);
  });

  it('does not get around that with a server that tells nothing', async () => {
    const lost = { status: 'error', code: 'UNREACHABLE', message: 'web-1 does not answer.', data: {} } as const;
    const { desk, request, clock, gate } = openDesk(() => lost);
    await expect(desk.read(request)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(desk.read(request)).rejects.toThrow(
      'was looked at 0 s ago and told nothing; it can be looked at again in 30 s',
    );
    clock.advance(30_000);
    await expect(desk.read(request)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(gate.requests).toHaveLength(2 * probeNames.length);
  });
});
