/** Facts of servers as MCP resources, with the official client: those in scope, gathered when they are read, and nothing else. */
import { afterEach, describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/event.ts';
import { OperationError } from '../../../src/core/codes.ts';
import type { FactsRequest, FactsSource, ServerFacts } from '../../../src/core/facts/server-facts.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';
import { caller, closeDoors, openDoor } from '../../fixtures/open-door.ts';
import { envelope } from '../../fixtures/scripted-gate.ts';

afterEach(closeDoors);

const facts: ServerFacts = {
  ...{ server: 'web-1', gatheredAt: new Date(700_000).toISOString(), os: 'Debian 12', kernel: 'Linux 6.1' },
  ...{ architecture: 'x86_64', packageManager: 'apt', init: 'systemd', processors: 2, uptimeSeconds: 90_000 },
  services: { running: ['nginx', 'cron'], more: 3 },
  memory: { totalBytes: 2 * 1024 ** 3, availableBytes: 512 * 1024 ** 2 },
  disks: [{ mount: '/', sizeBytes: 20 * 1024 ** 3, availableBytes: 1024 ** 3 }],
  ...{ clockSkewSeconds: -4, loginShell: '/bin/bash', tools: ['timeout'], line: null },
  unknown: [{ probe: 'uptime', reason: 'refused' }],
};

async function open(read: FactsSource['read'] = async () => facts, known: ServerFacts | null = null) {
  const changed = new Emitter<string>();
  const requests: FactsRequest[] = [];
  const source: FactsSource = {
    read: (request) => {
      requests.push(request);
      return read(request);
    },
    known: async () => known,
    peek: async () => ({ facts: known, line: null }),
    onChanged: changed.event,
  };
  const door = await openDoor((request) => envelope(request.operation), { facts: source, clock: new HandClock() });
  return { door, changed, requests, client: await door.client() };
}

describe('the resources', () => {
  it('are the servers in scope, and listing them reaches none', async () => {
    const { client, requests } = await open();
    expect(client.getServerCapabilities()?.resources).toEqual({ listChanged: true });
    const { resources } = await client.listResources();
    expect(resources).toMatchObject([{ uri: 'server://web-1', name: 'web-1', mimeType: 'text/plain' }]);
    expect(requests).toEqual([]);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
  });

  it('say what is known already, and how old it is', async () => {
    const { client } = await open(undefined, facts);
    const [resource] = (await client.listResources()).resources;
    expect(resource?.description).toContain('Debian 12, Linux 6.1, x86_64, seen 5 min ago');
  });

  it('hold everything as text and as JSON', async () => {
    const { client, requests } = await open();
    const { contents } = await client.readResource({ uri: 'server://web-1' });
    const [text, json] = contents as { text: string; mimeType: string }[];
    expect(JSON.parse(json?.text ?? '')).toEqual(facts);
    expect(text?.text.split('\n')).toEqual([
      ...['server: web-1', 'seen: 5 min ago', 'system: Debian 12', 'kernel: Linux 6.1', 'architecture: x86_64'],
      ...['packages: apt', 'init: systemd', 'processors: 2', 'memory: 512 MiB available of 2 GiB'],
      ...['disk /: 1 GiB available of 20 GiB', 'uptime: 25 h', 'clock: 4 s behind ours'],
      ...['login shell: /bin/bash', 'tools: timeout'],
      ...['services: nginx, cron and 3 more (running)', 'unknown uptime: refused'],
    ]);
    expect(requests).toMatchObject([{ server: 'web-1', session: caller.session, refresh: 'when old' }]);
  });

  it('are gathered anew when the client asks for it', async () => {
    const { client, requests } = await open();
    await client.readResource({ uri: 'server://web-1?refresh' });
    expect(requests).toMatchObject([{ server: 'web-1', refresh: 'now' }]);
  });

  it('tell the client when they changed, and only of servers in its scope', async () => {
    const { client, changed, door } = await open();
    const told: string[] = [];
    client.setNotificationHandler('notifications/resources/list_changed', () => void told.push('changed'));
    changed.fire('db-1');
    changed.fire('web-1');
    await client.listResources();
    expect(told).toEqual(['changed']);
    expect(changed.listenerCount).toBe(1);
    door.disposeServed();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(changed.listenerCount).toBe(0);
  });

  it('and the tools are listed anew when the record of a server in scope is another than before', async () => {
    const { client, door } = await open();
    const told: string[] = [];
    for (const what of ['tools', 'resources'] as const)
      client.setNotificationHandler(`notifications/${what}/list_changed`, () => void told.push(what));
    door.announceServers(['db-1']);
    door.announceServers([]);
    await client.listResources();
    expect(told).toEqual([]);
    door.announceServers(['db-1', 'web-1']);
    await client.listResources();
    expect(told).toEqual(['tools', 'resources']);
    door.disposeServed();
    door.announceServers(['web-1']);
  });

  it.each([
    ['another server', 'server://db-1'],
    ['another scheme', 'file:///etc/passwd'],
    ['a path', 'server://web-1/etc/passwd'],
    ['a user', 'server://root@web-1'],
    ['nothing', 'server://'],
    ['another question', 'server://web-1?secret'],
    ['a way around', 'server://web-1/../db-1'],
  ])('are not %s', async (_name, uri) => {
    const { client, requests } = await open();
    await expect(client.readResource({ uri })).rejects.toThrow(/There is no resource .* there are server:\/\/web-1/);
    expect(requests).toEqual([]);
  });

  it('say why they cannot be read', async () => {
    const { client } = await open(async () => {
      throw new OperationError('UNREACHABLE', 'web-1 does not answer.');
    });
    await expect(client.readResource({ uri: 'server://web-1' })).rejects.toThrow('UNREACHABLE: web-1 does not answer.');
  });

  it('are given up when the client does', async () => {
    const { client, requests } = await open(
      ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new OperationError('CANCELLED', 'x'))),
        ),
    );
    await expect(client.readResource({ uri: 'server://web-1' }, { timeout: 50 })).rejects.toThrow(/timed out/i);
    await eventually(() => expect(requests[0]?.signal.aborted).toBe(true));
  });
});

describe('a door without facts', () => {
  it('offers no resources', async () => {
    const door = await openDoor((request) => envelope(request.operation));
    expect((await door.client()).getServerCapabilities()).toEqual({ tools: { listChanged: true } });
  });
});
