/** When the server files were read again, an agent in whose scope something changed is told to look anew; others are left alone. */
import { connect } from 'node:net';
import { Client } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { expect, it } from 'vitest';
import { memoryTarget } from '../fixtures/memory-world.ts';
import { openSession } from '../fixtures/open-session.ts';
import { whenDone } from '../fixtures/when-done.ts';

it('an agent hears of changed, removed and broken servers of its scope, and of no others', async () => {
  const { agent, connection, world, broken } = await openSession();
  const socket = connect(agent.options.toolSocket);
  socket.write(`${JSON.stringify({ token: agent.options.toolToken })}\n`);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioServerTransport(socket, socket));
  whenDone(() => client.close());
  let told = 0;
  client.setNotificationHandler('notifications/tools/list_changed', () => void (told += 1));
  const reload = async (): Promise<number> => {
    await connection.call('servers.reload', {});
    // What was sent before this answer has arrived with it.
    await client.listTools();
    return told;
  };
  expect(await reload()).toBe(0);
  world.targets.set('db-1', memoryTarget({ id: 'db-1', recordHash: 'another' }));
  world.targets.set('new-1', memoryTarget({ id: 'new-1' }));
  expect(await reload()).toBe(0);
  world.targets.set('web-1', memoryTarget({ recordHash: 'another' }));
  expect(await reload()).toBe(1);
  expect(await reload()).toBe(1);
  world.targets.delete('web-1');
  expect(await reload()).toBe(2);
  broken.push({ id: 'web-1', problem: 'It has no address.' });
  expect(await reload()).toBe(3);
});
