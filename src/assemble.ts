/** The composition root: builds the engine, and what a host needs around it, from the real parts or from those handed in. It wires, and decides nothing. */
import { randomBytes } from 'node:crypto';

import { join } from 'node:path';
import { type Clock, systemClock } from './base/clock.ts';
import { reapProcesses } from './base/process-ledger.ts';
import { ApprovalQueue } from './core/approval/queue.ts';
import { createRedactor } from './core/audit/create-redactor.ts';
import { toUnifiedDiff } from './core/audit/file-diff.ts';
import type { Redactor } from './core/audit/redactor.ts';
import type { DurableNotes } from './core/durable.ts';
import { FactsDesk } from './core/facts/facts-desk.ts';
import type { LocalCommands } from './core/login/local-command.ts';
import { LoginDesk } from './core/login/login-desk.ts';
import { Orchestrator } from './core/orchestrator.ts';
import type { Paths } from './core/paths.ts';
import type { PolicyRules } from './core/policy/policy-source.ts';
import type { AuditLog, Registry, Snapshots } from './core/ports.ts';
import { recordFoundChange } from './core/record-found-change.ts';
import { RepeatGuard } from './core/repeat-guard.ts';
import { findUnfinishedWrites } from './core/unfinished-writes.ts';
import type { Vault } from './core/vault.ts';
import type { HostParts } from './host/parts.ts';
import { createAuditLog } from './runtime/audit/create-audit-log.ts';
import { readConfigFile } from './runtime/config-file.ts';
import { createDurableNotes } from './runtime/durable/create-durable-notes.ts';
import { createFactsStore } from './runtime/facts/create-facts-store.ts';
import { createLineNotes } from './runtime/facts/create-line-notes.ts';
import { createAllowedCommands } from './runtime/local-commands/allowed-commands.ts';
import { createLocalCommands } from './runtime/local-commands/ask-leave.ts';
import { createNotifyCommand } from './runtime/notify-command.ts';
import { preparePrivateFolder } from './runtime/paths.ts';
import { createPolicySource } from './runtime/policy/create-policy-source.ts';
import { createRecordings } from './runtime/recordings/create-recordings.ts';
import { hashRecording, readRecordingPart } from './runtime/recordings/read-recording.ts';
import { createRecordingShelf } from './runtime/recordings/recording-shelf.ts';
import { createRegistry } from './runtime/registry/create-registry.ts';
import { findWorkspace } from './runtime/registry/find-workspace.ts';
import { userKnownHostsFiles } from './runtime/registry/ssh-config-text.ts';
import { createSecrets } from './runtime/secrets/create-secrets.ts';
import { createVault } from './runtime/secrets/create-vault.ts';
import { readSettings, type Settings } from './runtime/settings.ts';
import { createSnapshots } from './runtime/snapshots/create-snapshots.ts';
import { createServers, type SshServers } from './runtime/ssh/create-servers.ts';
import { sweepLoginFolders } from './runtime/ssh/login-folder.ts';

export interface EngineOptions {
  readonly paths: Paths;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  /** A segment of the audit log is closed at this size; default as in limits. */
  readonly auditSegmentBytesMax?: number;
}

/** The gate with its parts: enough to work on servers with no host and no screen. */
export interface Engine {
  readonly gate: Orchestrator;
  readonly approvals: ApprovalQueue;
  readonly policies: PolicyRules;
  readonly registry: Registry;
  readonly servers: SshServers;
  /** What logins wait for from a person. */
  readonly logins: LoginDesk;
  readonly durables: DurableNotes;
  /** The leave for commands of this machine that lead to servers. */
  readonly localCommands: LocalCommands;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly snapshots: Snapshots;
  readonly redactor: Redactor;
  readonly settings: Settings;
  /** Refuses what waits, lets running operations settle, closes connections and the log. */
  dispose(): Promise<void>;
}

/** Throws OperationError: CONFIG_INVALID, AUDIT_UNAVAILABLE (another process writes this log), SNAPSHOT_UNAVAILABLE. */
export async function assembleEngine(options: EngineOptions): Promise<Engine> {
  const { paths, clock = systemClock, env = process.env } = options;
  for (const folder of [paths.config, paths.data, paths.runtime]) preparePrivateFolder(folder);
  const settings = await readSettings(paths.configFile);
  const redactor = createRedactor({ key: randomBytes(32) });
  const logins = new LoginDesk({ clock, redactor, newId: newApprovalId });
  const localCommands = createLocalCommands({
    allowed: createAllowedCommands(paths.localCommandsFile),
    ...{ questions: logins, clock },
  });
  const registry = createRegistry({ paths, env, localCommands });
  const vault = createVault({
    ...{ file: paths.vaultFile, questions: logins, redactor, clock },
    lockAfterMs: settings.vaultLockAfterMs,
  });
  const durables = createDurableNotes(paths.commandsFolder);
  const servers = createServers({
    connections: registry,
    secrets: createSecrets({ vault, redactor, env }),
    ...{ questions: logins, localCommands, redactor, env, proxiesFolder: proxiesFolder(paths) },
    knownHostsFile: paths.knownHostsFile,
    userKnownHostsFiles: userKnownHostsFiles(),
    durable: durables,
    lines: createLineNotes(paths.factsFolder, clock),
    ...{ clock, passphraseKeptMs: settings.passphraseKeptMs },
  });
  const snapshots = createSnapshots({ repository: paths.snapshotsRepository, redactor, clock });
  const policies = createPolicySource({ paths, clock });
  const approvals = new ApprovalQueue({ clock, newId: newApprovalId, expiryMs: settings.approvalExpiryMs });
  const audit = await createAuditLog({
    ...{ folder: paths.auditFolder, redactor, clock },
    signing: { keyFile: paths.auditKeyFile, secondPlace: settings.auditSecondPlace },
    ...(options.auditSegmentBytesMax === undefined ? {} : { segmentBytesMax: options.auditSegmentBytesMax }),
  });
  servers.expectLeftovers(await findUnfinishedWrites(audit));
  // What cannot be recorded stays an open item.
  servers.onChangeFound((found) => void recordFoundChange(found, { audit, snapshots }).catch(() => undefined));
  const gate = new Orchestrator({
    policies,
    registry,
    servers,
    audit,
    snapshots,
    recordings: createRecordings({ folder: paths.recordingsFolder, clock }),
    redactor,
    queue: approvals,
    clock,
    newId: newAuditId,
  });
  return {
    ...{
      gate,
      approvals,
      policies,
      registry,
      servers,
      durables,
      logins,
      localCommands,
      vault,
      audit,
      snapshots,
      redactor,
    },
    settings,
    async dispose() {
      logins.dispose();
      vault.dispose();
      await gate.close();
      await servers.dispose();
      await audit.close();
    },
  };
}

export interface HostOptions extends EngineOptions {
  readonly version: string;
  readonly demo: boolean;
  /** Absolute program and arguments that run this program: `[node, dist/main.cjs]`. */
  readonly program: readonly string[];
  readonly log: (line: string) => void;
}

/** The caller holds the host's lock: what an earlier host left behind is ended here. */
export async function assembleHost(
  options: HostOptions,
): Promise<{ readonly parts: HostParts; readonly engine: Engine }> {
  const { paths, clock = systemClock, env = process.env, version, program } = options;
  const engine = await assembleEngine(options);
  const { gate, servers, settings } = engine;
  const [{ createAgents }, { createCatalogue }, { createLateToolDoor }, { createIsolation }] = await Promise.all([
    import('./adapters/acp/create-agents.ts'),
    import('./adapters/acp/catalogue/catalogue.ts'),
    import('./adapters/mcp/late-tool-door.ts'),
    import('./runtime/isolation/create-isolation.ts'),
  ]);
  const repeats = new RepeatGuard(gate);
  const facts = new FactsDesk({
    ...{ gate, clock, servers, registry: engine.registry, redactor: engine.redactor },
    ...{ audit: engine.audit, newId: newAuditId },
    store: createFactsStore(paths.factsFolder),
  });
  const toolDoor = createLateToolDoor({ gate: repeats, version, facts, clock, redactor: engine.redactor });
  const reaped = reapProcesses(join(paths.runtime, 'agents'));
  reapProcesses(proxiesFolder(paths));
  void sweepLoginFolders();
  if (reaped > 0) options.log(`ended ${reaped} agents that an earlier host left behind`);
  const agents = createAgents({
    paths,
    isolation: createIsolation({ platform: process.platform, searchPath: env.PATH ?? '' }),
    // Read for each agent that starts: a change counts for the next one.
    network: async () => (await readSettings(paths.configFile)).network,
    redactor: engine.redactor,
    clock,
    bridgeCommand: [...program, 'mcp-bridge'],
    env,
    catalogue: createCatalogue({
      agentsFile: paths.agentsFile,
      demoCommand: [...program, 'demo-agent'],
      readText: async (path) => (await readConfigFile(path))?.text ?? null,
    }),
    gate: repeats,
    version,
    onCancel: (session) => toolDoor.cancelCalls(session),
  });
  const parts: HostParts = {
    ...{ gate, repeats, servers, agents, paths, clock, version, settings, logins: engine.logins, vault: engine.vault },
    localCommands: engine.localCommands,
    approvals: engine.approvals,
    policies: engine.policies,
    registry: engine.registry,
    audit: engine.audit,
    snapshots: engine.snapshots,
    recordings: {
      read: (name, offset, bytesMax) => readRecordingPart(paths.recordingsFolder, name, offset, bytesMax),
      hash: (name, bytes) => hashRecording(paths.recordingsFolder, name, bytes),
    },
    recordingShelf: { shelf: createRecordingShelf(paths.recordingsFolder), bytesMax: settings.recordingsBytesMax },
    redactor: engine.redactor,
    ...{ toolDoor, facts, durables: engine.durables },
    demo: options.demo,
    log: options.log,
    ...(settings.notifyCommand ? { notify: createNotifyCommand({ argv: settings.notifyCommand, env }) } : {}),
    findWorkspace,
    toDiff: (path, before, after) => toUnifiedDiff(before, after, path),
    async trustHostKey(target, fingerprint) {
      const key = await servers.trustHostKey(target, fingerprint, AbortSignal.timeout(trustTimeoutMs));
      return `The ${key.type} key ${key.fingerprint} of ${key.host} port ${key.port} is trusted now.`;
    },
  };
  return { parts, engine };
}

/** Which commands of ProxyCommand run: they end with the host, and with the next one when it was killed. */
function proxiesFolder(paths: Paths): string {
  return join(paths.runtime, 'proxies');
}

const trustTimeoutMs = 30_000;

/** Letters and digits that are not mistaken for each other. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

function newApprovalId(): string {
  return [...randomBytes(4)].map((byte) => readable[byte % readable.length]).join('');
}

/** Sorts by time: milliseconds since the epoch in base 36, then chance. */
function newAuditId(): string {
  const chance = [...randomBytes(5)].map((byte) => readable[byte % readable.length]).join('');
  return `${Date.now().toString(36)}-${chance}`;
}
