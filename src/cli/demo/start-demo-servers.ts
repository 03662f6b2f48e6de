/** Starts the three embedded servers of the demo and writes the configuration that reaches them: fresh keys, real SSH, nothing of the user's. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Paths } from '../../core/paths.ts';
import { generateKey } from '../../embedded/generate-key.ts';
import { createDemoMachine, demoServerIds, demoUser } from '../../embedded/machine/demo-machines.ts';
import { type EmbeddedServer, startEmbeddedServer } from '../../embedded/ssh-server.ts';
import { preparePrivateFolder } from '../../runtime/paths.ts';

const environments = { 'web-1': 'staging', 'web-2': 'staging', 'db-1': 'production' } as const;
const groups = { 'web-1': ['web'], 'web-2': ['web'], 'db-1': ['db'] } as const;

/** Every demo begins anew: what an earlier one left is removed first, but for the log of the host that starts now. */
export async function startDemoServers(paths: Paths): Promise<{ close(): Promise<void> }> {
  // Before anything is removed: behind a link that somebody else made there may be anything.
  for (const folder of [paths.config, paths.data]) preparePrivateFolder(folder);
  clearFolder(paths.config);
  clearFolder(paths.data, basename(paths.hostLog));
  const client = generateKey('signalbox demo');
  const privateKeyPath = join(paths.config, 'id_ed25519');
  writeFileSync(privateKeyPath, client.private, { mode: 0o600 });

  const started: EmbeddedServer[] = [];
  const records = [];
  for (const id of demoServerIds) {
    const machine = createDemoMachine(id, Date.now);
    const hostKey = generateKey(id).private;
    const server = await startEmbeddedServer({ machine, hostKey, authorizedKey: client.public, port: 0 });
    started.push(server);
    records.push({
      id,
      host: '127.0.0.1',
      port: server.port,
      username: demoUser,
      environment: environments[id],
      groups: groups[id],
      labels: ['simulated'],
      auth: { kind: 'privateKey', privateKeyPath },
    });
  }
  writeFileSync(paths.serversFile, `${JSON.stringify(records, null, 2)}\n`, { mode: 0o600 });
  writeFileSync(paths.knownHostsFile, `${started.map(({ knownHostsLine }) => knownHostsLine).join('\n')}\n`, {
    mode: 0o600,
  });
  return { close: async () => void (await Promise.all(started.map((server) => server.close()))) };
}

function clearFolder(folder: string, keep?: string): void {
  for (const name of readdirSync(folder))
    if (name !== keep) rmSync(join(folder, name), { recursive: true, force: true });
}
