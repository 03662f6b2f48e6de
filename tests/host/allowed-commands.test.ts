/** What screens see of a server behind a command of this machine: its text, and at once when it is allowed. */
import { expect, it } from 'vitest';
import { Emitter } from '../../src/base/event.ts';
import { memoryTarget } from '../fixtures/memory-world.ts';
import { runHost } from '../fixtures/running-host.ts';

it('screens see the command and whether it is allowed, and agents are told nothing of it', async () => {
  const onAllowed = new Emitter<void>();
  const allowed = new Set<string>();
  const host = await runHost({
    parts: {
      localCommands: {
        onAllowed: onAllowed.event,
        isAllowed: async ({ server, text }) => allowed.has(`${server}: ${text}`),
        demand: async () => undefined,
      },
    },
  });
  const screen = await host.screen();
  host.world.targets.set('behind', memoryTarget({ id: 'behind', proxyCommand: 'nc behind 22' }));
  await screen.connection.call('servers.reload', {});
  const seen = (isAllowed: boolean) =>
    screen.until(({ servers }) => servers.behind?.proxyCommand?.isAllowed === isAllowed && servers.behind);
  expect((await seen(false)).proxyCommand).toEqual({ text: 'nc behind 22', isAllowed: false });
  allowed.add('behind: nc behind 22');
  onAllowed.fire();
  await seen(true);
  const listed = await host.world.gate.perform({
    ...{ operation: 'list_servers', input: {}, signal: new AbortController().signal },
    caller: { origin: 'agent', session: 'S1', agent: 'a', servers: ['behind'], workspace: null, readonly: false },
  } as never);
  expect(JSON.stringify(listed)).toContain('"behind"');
  expect(JSON.stringify(listed)).not.toContain('nc behind');
});
