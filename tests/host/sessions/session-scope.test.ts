/** A server id that names another machine by now: it stays out of a session until a person says that it is meant. */
import { describe, expect, it } from 'vitest';
import { testParts } from '../../fixtures/host-parts.ts';
import { memoryTarget } from '../../fixtures/memory-world.ts';
import { openSession } from '../../fixtures/open-session.ts';
import { runHostOn } from '../../fixtures/running-host.ts';

const elsewhere = { id: 'web-1', address: 'ops@10.9.9.9:22', recordHash: 'another' };

/** A session of an earlier host, and the next one, in which web-1 is another machine. */
async function restored(servers: readonly string[], changed = elsewhere) {
  const { id, host, home, connection, until } = await openSession({ servers });
  await connection.call('session.prompt', { session: id, text: 'How is web-1?' });
  await until((view) => view.sessions[id]?.lastTurn);
  await host.stop('test');
  const parts = testParts({ home });
  parts.world.targets.set('web-1', memoryTarget(changed));
  const next = await runHostOn(parts);
  const screen = await next.screen();
  const session = () => screen.mirror.view.sessions[id];
  const words = () => (session()?.items ?? []).flatMap((item) => (item.kind === 'notice' ? [item.text] : []));
  return { ...next, ...screen, id, session, words };
}

describe('a restored session of which a server was changed', () => {
  it('goes on without it, and says once how it is confirmed', async () => {
    const { agents, connection, id, until, session, words } = await restored(['web-1', 'db-1']);
    const sentence = words().at(-1) ?? '';
    expect(sentence).toMatch(
      /^Server "web-1" was changed since this session began: it was .* and is ops@10\.9\.9\.9:22 now\./,
    );
    expect(sentence).toContain(`until you run \`signalbox session confirm ${id} web-1\`.`);
    expect(session()).toMatchObject({ servers: ['db-1'], changedServers: [{ id: 'web-1', now: 'ops@10.9.9.9:22' }] });
    await connection.call('session.prompt', { session: id, text: 'And now?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(agents.started[0]?.options.servers).toEqual(['db-1']);
    expect(agents.started[0]?.prompts[0]).toContain('[signalbox] Server "web-1" was changed');
    expect(words().filter((text) => text === sentence)).toHaveLength(1);
  });

  it('has it again once a person has confirmed it, for the next hosts, too', async () => {
    const { agents, connection, id, until, session, host, home } = await restored(['web-1', 'db-1']);
    await connection.call('session.prompt', { session: id, text: 'And now?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 2);
    await connection.call('session.confirmServers', { session: id, servers: ['web-1'] });
    expect(agents.started[0]?.isDisposed).toBe(true);
    expect(session()).toMatchObject({ servers: ['web-1', 'db-1'], changedServers: [], state: 'resting' });
    await connection.call('session.prompt', { session: id, text: 'Both?' });
    await until((view) => view.sessions[id]?.lastTurn?.number === 3);
    expect(agents.started[1]?.options).toMatchObject({ servers: ['web-1', 'db-1'], continueFrom: 'scripted-1' });
    await host.stop('test');
    const parts = testParts({ home });
    parts.world.targets.set('web-1', memoryTarget(elsewhere));
    expect((await runHostOn(parts)).host.view.sessions[id]?.servers).toEqual(['web-1', 'db-1']);
  });

  it('does not start when no other server is left, and does after the confirmation', async () => {
    const { agents, connection, id } = await restored(['web-1']);
    await expect(connection.call('session.start', { session: id })).rejects.toThrow(/"web-1" was changed.*confirm/);
    expect(agents.started).toEqual([]);
    await connection.call('session.confirmServers', { session: id, servers: ['web-1'] });
    await connection.call('session.start', { session: id });
    expect(agents.started[0]?.options.servers).toEqual(['web-1']);
  });

  it('says so when the address is the same', async () => {
    const { address } = memoryTarget({ id: 'web-1' });
    const { words } = await restored(['web-1', 'db-1'], { ...elsewhere, address });
    expect(words().at(-1)).toContain(`its record is another by now (${address})`);
  });

  it.each([['db-1'], ['nope'], ['web-1', 'db-1']])('takes no confirmation of %s %s', async (...servers) => {
    const { connection, id, session } = await restored(['web-1', 'db-1']);
    const confirmed = connection.call('session.confirmServers', { session: id, servers });
    await expect(confirmed).rejects.toThrow('needs no confirmation');
    expect(session()?.servers).toEqual(['db-1']);
  });

  it('takes none while its agent works', async () => {
    const { agents, connection, id, until } = await restored(['web-1', 'db-1']);
    agents.onStart = (agent) => {
      agent.onPrompt = () => agent.untilEnded();
    };
    await connection.call('session.prompt', { session: id, text: 'go' });
    await until((view) => view.sessions[id]?.state === 'working');
    const confirmed = connection.call('session.confirmServers', { session: id, servers: ['web-1'] });
    await expect(confirmed).rejects.toThrow('cancel its turn');
  });
});
