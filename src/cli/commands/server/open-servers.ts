/** SSH connections for the commands that test and trust a server from this process, without the host. */
import { systemClock } from '../../../base/clock.ts';
import { createDurableNotes } from '../../../runtime/durable/create-durable-notes.ts';
import { createLineNotes } from '../../../runtime/facts/create-line-notes.ts';
import { userKnownHostsFiles } from '../../../runtime/registry/ssh-config-text.ts';
import { createSecrets } from '../../../runtime/secrets/create-secrets.ts';
import { createVault } from '../../../runtime/secrets/create-vault.ts';
import { createServers, type SshServers } from '../../../runtime/ssh/create-servers.ts';
import type { CliIo } from '../../output.ts';
import type { Desk } from './desk.ts';

/** The caller disposes it. What a login needs is asked at the terminal. */
export function openServers(desk: Desk, io: CliIo): SshServers {
  const { logins, redactor, localCommands } = desk;
  const vault = createVault({
    ...{ file: desk.paths.vaultFile, questions: logins, redactor, clock: systemClock },
    lockAfterMs: 0,
  });
  const servers = createServers({
    connections: desk.registry,
    secrets: createSecrets({ vault, redactor, env: io.env }),
    ...{ questions: logins, localCommands, redactor, env: io.env },
    knownHostsFile: desk.paths.knownHostsFile,
    userKnownHostsFiles: userKnownHostsFiles(),
    clock: systemClock,
    durable: createDurableNotes(desk.paths.commandsFolder),
    lines: createLineNotes(desk.paths.factsFolder, systemClock),
  });
  return {
    ...servers,
    async dispose() {
      logins.dispose();
      vault.dispose();
      await servers.dispose();
    },
  };
}
