/** SSH connections for the commands that test and trust a server from this process, without the host. */
import { randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '../../../base/clock.ts';
import { createRedactor } from '../../../core/audit/create-redactor.ts';
import { LoginDesk } from '../../../core/login/login-desk.ts';
import { createDurableNotes } from '../../../runtime/durable/create-durable-notes.ts';
import { userKnownHostsFiles } from '../../../runtime/registry/ssh-config-text.ts';
import { createSecrets } from '../../../runtime/secrets/create-secrets.ts';
import { createVault } from '../../../runtime/secrets/create-vault.ts';
import { createServers, type SshServers } from '../../../runtime/ssh/create-servers.ts';
import { answerHere } from '../../login-answers.ts';
import type { CliIo } from '../../output.ts';
import type { Desk } from './desk.ts';

/** The caller disposes it. What a login needs is asked at the terminal. */
export function openServers(desk: Desk, io: CliIo): SshServers {
  // Placeholders of this run need no secret in common with those of the log: nothing redacted leaves this process.
  const redactor = createRedactor({ key: randomBytes(32) });
  const logins = new LoginDesk({ clock: systemClock, redactor, newId: randomUUID });
  const answers = answerHere(io, logins);
  const vault = createVault({
    ...{ file: desk.paths.vaultFile, questions: logins, redactor, clock: systemClock },
    lockAfterMs: 0,
  });
  const servers = createServers({
    connections: desk.registry,
    secrets: createSecrets({ vault, redactor, env: io.env }),
    questions: logins,
    knownHostsFile: desk.paths.knownHostsFile,
    userKnownHostsFiles: userKnownHostsFiles(),
    clock: systemClock,
    durable: createDurableNotes(desk.paths.commandsFolder),
  });
  return {
    ...servers,
    async dispose() {
      answers.dispose();
      logins.dispose();
      vault.dispose();
      await servers.dispose();
    },
  };
}
