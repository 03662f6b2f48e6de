/** The socket of the system's ssh, when it is there and nobody answers. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openMux } from '../../../../src/runtime/ssh/system/mux-client.ts';

it('is waited for until it is late, and hung up on then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-mux-'));
  const server = createServer((socket) => void socket.resume());
  try {
    await once(server.listen(join(folder, 'mux')), 'listening');
    const late = new AbortController();
    const opening = openMux(join(folder, 'mux'), late.signal);
    const [socket] = await once(server, 'connection');
    late.abort(new Error('late'));
    await expect(opening).rejects.toThrow('late');
    await once(socket, 'close');
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
