/** What is asked of ssh2 behind its back, where no connection is needed to see it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { abandon } from '../../../src/runtime/ssh/ssh2-internals.ts';

/** How much of 64 MiB still arrives at a peer that was busy until then. */
async function arrivedAfter(end: (client: ssh2.Client) => void): Promise<number> {
  const listener = createServer({ pauseOnConnect: true });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const near = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [[far]] = await Promise.all([accepted, once(near, 'connect')]);
  const client = new ssh2.Client();
  Reflect.set(client, '_sock', near);
  near.write(Buffer.alloc(64 * 1024 * 1024));
  end(client);
  let arrivedBytes = 0;
  far.on('data', (chunk: Buffer) => {
    arrivedBytes += chunk.length;
  });
  far.on('error', () => undefined);
  await Promise.all([once(near, 'close'), new Promise((resolve) => far.once('close', resolve).resume())]);
  listener.close();
  return arrivedBytes;
}

it('of a connection that is abandoned, nothing that still waits here is sent', async () => {
  // Only what had left this machine arrives; after an orderly end, all that the system had taken does.
  const atOnce = await arrivedAfter((client) => void client.destroy());
  expect(await arrivedAfter(abandon)).toBeLessThan(atOnce / 2);
});
