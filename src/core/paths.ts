/** Where things are on this machine: names only. Who resolves them is the runtime; who reads and writes them is each owner. */

export interface Paths {
  /** Folders, absolute. */
  readonly config: string;
  readonly data: string;
  /** 0700, owner checked; sockets live here. */
  readonly runtime: string;
  /** Can be deleted at any time. */
  readonly cache: string;

  readonly serversFile: string;
  readonly agentsFile: string;
  readonly policyFile: string;
  readonly configFile: string;
  readonly knownHostsFile: string;
  /** Hashes of workspace files the operator trusts. */
  readonly trustFile: string;
  /** Commands of this machine that the operator allows to run on the way to servers. */
  readonly localCommandsFile: string;

  /** Secrets, sealed under a passphrase. */
  readonly vaultFile: string;

  readonly auditFolder: string;
  /** Private key that signs the checkpoints of the audit log. */
  readonly auditKeyFile: string;
  readonly snapshotsRepository: string;
  readonly recordingsFolder: string;
  readonly sessionsFolder: string;
  readonly agentsFolder: string;
  readonly workFolder: string;
  /** What servers told about themselves. */
  readonly factsFolder: string;
  /** What is remembered of commands that go on without us. */
  readonly commandsFolder: string;

  readonly controlSocket: string;
  readonly toolSocketsFolder: string;
  readonly hostLock: string;
  readonly hostLog: string;
}
