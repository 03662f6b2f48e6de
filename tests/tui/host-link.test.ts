/** The screen's line to a real host: it mirrors, loses, waits longer each time, and finds the host again. */
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { startHost } from '../../src/host/host.ts';
import { HostLink } from '../../src/tui/host-link.ts';
import type { LinkState } from '../../src/tui/host-port.ts';
import { runHost } from '../fixtures/running-host.ts';
import { ManualClock } from '../fixtures/screen-world.ts';
import { whenDone } from '../fixtures/when-done.ts';

let link: HostLink | null = null;
afterEach(() => link?.dispose());

interface World {
  readonly link: HostLink;
  readonly clock: ManualClock;
  readonly running: Awaited<ReturnType<typeof runHost>>;
  readonly asked: ('if-needed' | 'never')[];
  until(kind: LinkState['kind'], attempt?: number): Promise<void>;
}

async function openLink(): Promise<World> {
  const running = await runHost();
  const { paths, version } = running.parts;
  const clock = new ManualClock();
  const asked: ('if-needed' | 'never')[] = [];
  const made = new HostLink({
    clock,
    version,
    connect: async (start) => {
      asked.push(start);
      return await connect({ paths, cwd: '/', client: 'screen', version, start: 'never' });
    },
  });
  link = made;
  const until = (kind: LinkState['kind'], attempt?: number): Promise<void> =>
    new Promise((resolve) => {
      const isThere = (): boolean =>
        made.link.kind === kind &&
        (attempt === undefined || (made.link.kind === 'lost' && made.link.attempt >= attempt));
      if (isThere()) return resolve();
      const subscription = made.onLink(() => {
        if (!isThere()) return;
        subscription.dispose();
        resolve();
      });
    });
  return { link: made, clock, running, asked, until };
}

describe('the line to the host', () => {
  it('mirrors the view and its changes', async () => {
    const { link: made, running } = await openLink();
    expect(made.link.kind).toBe('connecting');
    await made.start();
    expect(made.link.kind).toBe('connected');
    expect(Object.keys(made.view.servers)).toContain('web-1');
    const added = new Promise((resolve) =>
      made.onChange((change) => change.type === 'session.added' && resolve(change)),
    );
    const other = await running.connect('cli');
    await other.call('session.new', { agent: { id: 'scripted' }, servers: ['web-1'] });
    await added;
    expect(Object.keys(made.view.sessions)).toHaveLength(1);
  });

  it('keeps the last view when the host goes, refuses calls, and tries again with growing pauses', async () => {
    const { link: made, clock, running, asked, until } = await openLink();
    await made.start();
    await running.host.stop('the test stops it');
    await until('lost', 1);
    expect(Object.keys(made.view.servers)).toContain('web-1');
    await expect(made.call('servers.reload', {})).rejects.toThrow('The host is not connected');
    clock.advance(249);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    await until('lost', 2);
    clock.advance(499);
    expect(asked).toHaveLength(2);
    clock.advance(1);
    await until('lost', 3);
    expect(asked.slice(1)).toEqual(['never', 'never']);
  });

  it('finds the host again by itself, with a new snapshot', async () => {
    const { link: made, clock, running, until } = await openLink();
    await made.start();
    await running.host.stop('the test stops it');
    await until('lost', 1);
    const again = await startHost(running.parts);
    whenDone(async () => {
      await again.stop('the test is over');
    });
    const snapshot = new Promise<void>((resolve) => made.onChange((change) => change.type === 'snapshot' && resolve()));
    clock.advance(250);
    await until('connected');
    await snapshot;
    expect(Object.keys(made.view.servers)).toContain('web-1');
  });

  it('may start a host only when the operator asks for it', async () => {
    const { link: made, running, asked, until } = await openLink();
    await made.start();
    made.reconnect();
    expect(asked).toEqual(['if-needed']);
    await running.host.stop('the test stops it');
    await until('lost', 1);
    made.reconnect();
    expect(made.link).toMatchObject({ kind: 'lost', starting: 'a host' });
    await until('lost', 2);
    expect(made.link).not.toHaveProperty('starting');
    expect(asked).toEqual(['if-needed', 'if-needed']);
  });

  it('starts a host also when it was asked for while an attempt without one is under way', async () => {
    const { link: made, clock, running, asked, until } = await openLink();
    await made.start();
    await running.host.stop('the test stops it');
    await until('lost', 1);
    clock.advance(250);
    expect(asked).toEqual(['if-needed', 'never']);
    made.reconnect();
    made.reconnect();
    await until('lost', 2);
    expect(asked).toEqual(['if-needed', 'never', 'if-needed']);
  });
});
