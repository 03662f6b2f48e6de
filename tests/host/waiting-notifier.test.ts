/** The operator is called with no screen attached, once for a volley, and a program that fails is told once. */
import { describe, expect, it } from 'vitest';
import { ViewStore } from '../../src/host/view-store.ts';
import { feedNotifications } from '../../src/host/waiting-notifier.ts';
import type { HostEvent } from '../../src/protocol/events.ts';
import { toEmptyView } from '../../src/protocol/reduce.ts';
import { makeCard } from '../fixtures/fake-host.ts';
import { runHost } from '../fixtures/running-host.ts';
import { ManualClock } from '../fixtures/screen-world.ts';
import { session } from '../fixtures/view-events.ts';

function feed(notify?: (text: string) => Promise<void>) {
  const clock = new ManualClock();
  const store = new ViewStore(toEmptyView({ pid: 1, version: '0', startedAtMs: 0, demo: false }));
  const texts: string[] = [];
  const problems: string[] = [];
  const feeding = feedNotifications(
    store,
    clock,
    async (text) => {
      texts.push(text);
      await notify?.(text);
    },
    (sentence) => problems.push(sentence),
  );
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  };
  return { store, texts, problems, feeding, advance, publish: (event: HostEvent) => store.publish(event) };
}

describe('a notification', () => {
  it('is one for a volley of requests, and says who and where but not what', async () => {
    const { publish, texts, advance } = feed();
    for (const id of ['c1', 'c2', 'c3']) publish({ type: 'approval.added', card: makeCard(id) });
    await advance(20_000);
    expect(texts).toEqual(['3 requests wait for you on web-1']);
    expect(texts.join()).not.toContain('systemctl');
  });

  it('names the tool and the agent of a single request, as ASCII', async () => {
    const { publish, texts, advance } = feed();
    publish({ type: 'approval.added', card: makeCard('c1', { who: 'demo in \x1b]2;x\x07\u202e' }) });
    await advance(1_000);
    expect(texts).toEqual(['1 request waits for you: remote_exec on web-1, by demo in \\x1b]2;x\\x07\\u202e']);
  });

  it('is bounded, whatever names there are', async () => {
    const { publish, texts, advance } = feed();
    publish({ type: 'approval.added', card: makeCard('c1', { who: 'x'.repeat(10_000) }) });
    await advance(1_000);
    expect(texts[0]).toHaveLength(160);
  });

  it('is not sent for what was answered at once', async () => {
    const { publish, texts, advance } = feed();
    publish({ type: 'approval.added', card: makeCard('c1') });
    publish({ type: 'approval.removed', id: 'c1', end: 'approved' });
    await advance(20_000);
    expect(texts).toEqual([]);
  });

  it('is not sent again when a request leaves or a session does something else', async () => {
    const { publish, texts, advance } = feed();
    publish({ type: 'approval.added', card: makeCard('c1') });
    publish({ type: 'approval.added', card: makeCard('c2') });
    await advance(1_000);
    publish({ type: 'approval.removed', id: 'c1', end: 'denied' });
    publish({ type: 'session.added', session: session('S1') });
    publish({ type: 'session.changed', id: 'S1', change: { title: 'x' } });
    await advance(60_000);
    expect(texts).toHaveLength(1);
  });

  it('comes for a question about an agent\u2019s own tool, too', async () => {
    const { publish, texts, advance } = feed();
    publish({ type: 'session.added', session: session('S1') });
    const localCards = [{ id: 'q', title: 'bash', detail: 'ls', unexpected: false }];
    publish({ type: 'session.changed', id: 'S1', change: { localCards } });
    await advance(1_000);
    expect(texts).toEqual(['1 request waits for you']);
  });

  it('that fails is told, and the next is sent all the same', async () => {
    const { publish, texts, problems, advance } = feed(() => Promise.reject(new Error('It failed.')));
    publish({ type: 'approval.added', card: makeCard('c1') });
    await advance(1_000);
    publish({ type: 'approval.added', card: makeCard('c2') });
    await advance(10_000);
    expect(problems).toEqual(['It failed.', 'It failed.']);
    expect(texts).toHaveLength(2);
  });

  it('ends with the host', async () => {
    const { publish, texts, feeding, advance } = feed();
    publish({ type: 'approval.added', card: makeCard('c1') });
    feeding.dispose();
    await advance(60_000);
    expect(texts).toEqual([]);
  });
});

describe('a host without a screen', () => {
  it('notifies, and shows a failing command as one notice', async () => {
    const texts: string[] = [];
    const { host, world } = await runHost({
      parts: {
        notify: async (text) => {
          texts.push(text);
          throw new Error('The notification command `x` failed with exit status 1.');
        },
      },
    });
    void world.ask('remote_exec', { server: 'web-1', command: 'reboot' });
    await expect.poll(() => host.view.notices.length).toBe(1);
    expect(host.connectionCount).toBe(0);
    expect(texts).toEqual([expect.stringContaining('1 request waits for you: remote_exec on web-1')]);
    expect(host.view.notices[0]?.text).toBe('The notification command `x` failed with exit status 1.');
  });
});
