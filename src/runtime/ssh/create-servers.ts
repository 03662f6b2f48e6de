/**
 * The only way to a server: reads for prepare, and whatever a permit allows, over pooled SSH connections. It decides nothing and knows
 * nothing of policy, agents or screens.
 */

import { unreachable } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Event } from '../../base/event.ts';
import { type Disposable, toDisposable } from '../../base/lifecycle.ts';
import type { Action, DurableAction, RemoveFileAction, WriteFileAction } from '../../core/action.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import type { DurableNotes } from '../../core/durable.ts';
import type { LineNotes } from '../../core/facts/line-facts.ts';
import { limits } from '../../core/limits.ts';
import type { LocalCommands } from '../../core/login/local-command.ts';
import type { LoginQuestions } from '../../core/login/login-desk.ts';
import type { Permit } from '../../core/permit.ts';
import type { ConnectionSource, PerformOutcome, PerformSink, Secrets, Servers } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import type { ChangeFound, UnfinishedWrite } from '../../core/unfinished-writes.ts';
import { toTilde } from '../registry/ssh-config-text.ts';
import { KeptPassphrases } from '../secrets/kept-passphrases.ts';
import { untilAborted } from './abort.ts';
import { againWhenLost } from './again-when-lost.ts';
import { ConnectStory } from './connect-story.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { Connector } from './connector.ts';
import { HostKeys, type HostName } from './host-keys.ts';
import { toFingerprint, typeOf } from './known-hosts.ts';
import { Leftovers } from './leftovers.ts';
import { listDirectory } from './list-directory.ts';
import { performChange } from './perform-change.ts';
import { type DurableParts, performDurable } from './perform-durable.ts';
import { performExec } from './perform-exec.ts';
import { performShell } from './perform-shell.ts';
import { ProxyLines } from './proxy-line.ts';
import { performReadFile } from './read-file.ts';
import { realPathOf } from './real-path.ts';
import type { Retry } from './retries.ts';
import { revealSudoPassword } from './reveal-sudo-password.ts';
import { statEntry } from './stat-entry.ts';
import { surveyPath } from './survey.ts';
import { testServer } from './test-server.ts';

export interface ServersOptions {
  readonly connections: ConnectionSource;
  readonly secrets: Secrets;
  /** Who is asked for what no record knows. */
  readonly questions: LoginQuestions;
  /** The leave for commands of this machine that lead to servers. */
  readonly localCommands: LocalCommands;
  /** Of what they say when they fail, which an agent may read; absent: it stays as it is. */
  readonly redactor?: Pick<Redactor, 'redact'>;
  /** Where is noted which of them run, for the next host when this one is killed; absent: nowhere. */
  readonly proxiesFolder?: string;
  /** What those are started with; default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Our own known_hosts: read and written. */
  readonly knownHostsFile: string;
  /** The user's: only read. */
  readonly userKnownHostsFiles: readonly string[];
  readonly clock: Clock;
  /** What is remembered of durable commands. */
  readonly durable: DurableNotes;
  /** Where what connections learn outlives this; absent: nowhere. */
  readonly lines?: LineNotes;
  /** A line this slow (milliseconds of a round trip) has a channel open for the next command; default: `limits.channelAheadFromMs`. */
  readonly aheadFromMs?: number;
  /** How long a passphrase that was typed is kept after its last use; default as in limits. 0: not at all. */
  readonly passphraseKeptMs?: number;
}

export interface TrustedKey {
  readonly fingerprint: string;
  readonly type: string;
  readonly host: string;
  readonly port: number;
  /** It was trusted before, here or in the user's own known_hosts. */
  readonly wasKnown: boolean;
}

/** A key that the user's own ssh knows a server by. */
export interface KnownKey extends Omit<TrustedKey, 'wasKnown'> {
  readonly name: HostName;
  readonly key: Buffer;
  /** `~/.ssh/known_hosts line 12` */
  readonly place: string;
}

export interface SshServers extends Servers {
  /**
   * Connects, makes the server prove the key with exactly this fingerprint (`SHA256:…`), and keeps the key in our own known_hosts.
   * When a jump host on the way shows it, that one's key is meant: without it the server behind cannot be asked for its own.
   * Throws HOST_KEY_UNKNOWN when it shows another one, HOST_KEY_CHANGED when another one is known already.
   */
  trustHostKey(target: Target, fingerprint: string, signal: AbortSignal): Promise<TrustedKey>;
  /** Keys of the user's own known_hosts for a server and the jump hosts before it, where none is trusted here. Nothing is sent. */
  keysKnownToSsh(target: Target): Promise<readonly KnownKey[]>;
  /** Keeps such a key in our own known_hosts; a server that shows another one is refused from then on. */
  trustKnownKey(key: KnownKey): Promise<void>;
  /** What an earlier host may have left on servers: removed on the next connection to each, before anything else is done there. */
  expectLeftovers(writes: readonly UnfinishedWrite[]): void;
  /** What became of a change that nobody knew of, looked up on the first connection since. */
  readonly onChangeFound: Event<ChangeFound>;
}

export function createServers(options: ServersOptions): SshServers {
  const { connections, secrets, clock } = options;
  const hostKeys = new HostKeys(options.knownHostsFile, options.userKnownHostsFiles, clock);
  const passphrases = new KeptPassphrases(clock, options.passphraseKeptMs ?? limits.passphraseKeptMs);
  const proxies = new ProxyLines({
    ...{ localCommands: options.localCommands, questions: options.questions, env: options.env ?? process.env, clock },
    ledgerFolder: options.proxiesFolder ?? null,
    redact: (text) => options.redactor?.redact(text).text ?? text,
  });
  const connector = new Connector({
    source: connections,
    ...{ secrets, passphrases, questions: options.questions },
    ...(options.aheadFromMs === undefined ? {} : { aheadFromMs: options.aheadFromMs }),
    ...(options.lines ? { lines: options.lines } : {}),
    ...{ hostKeys, proxies, clock },
    jump: (target, signal, story) => (story === null ? pool.acquire(target, signal) : openJump(target, signal, story)),
  });
  /** For a test: as it is, where it is connected; else with a connection of its own, whose story is part of the test's. */
  const openJump = async (
    target: Target,
    signal: AbortSignal,
    story: ConnectStory,
  ): Promise<{ connection: Connection; hold: Disposable }> => {
    if (pool.find(target) !== null) {
      story.wasOpen = true;
      story.isDone = true;
      return await pool.acquire(target, signal);
    }
    const connection = await connector.connect(target, signal, story);
    return { connection, hold: toDisposable(() => connection.end()) };
  };
  const leftovers = new Leftovers();
  const sudoPasswordFor = ({ target }: Permit): Promise<string> => revealSudoPassword(target, connections, secrets);
  const pool: ConnectionPool = new ConnectionPool(
    (target, signal) => connector.connect(target, signal),
    clock,
    options.lines ?? null,
  );

  return {
    survey: ({ target, signal, ...request }) =>
      againWhenLost('reads', signal, () =>
        pool.use(target, signal, (connection) =>
          untilAborted(surveyPath(connection, { target, signal, ...request }), signal),
        ),
      ),
    realPath: (target, path, signal) =>
      againWhenLost('reads', signal, () =>
        pool.use(target, signal, async (connection) => untilAborted(realPathOf(await connection.sftp(), path), signal)),
      ),
    perform(permit, sink, signal) {
      const useUntil = <T>(until: AbortSignal, task: (connection: Connection) => Promise<T>): Promise<T> =>
        pool.use(permit.target, until, async (connection) => {
          await leftovers.clear(connection, permit.action);
          checkHostKey(connection, permit);
          return await task(connection);
        });
      const use = <T>(task: (connection: Connection) => Promise<T>): Promise<T> => useUntil(signal, task);
      const { id: auditId, action, target } = permit;
      const redeem = once(() => void permit.redeem());
      const beginRetry = (): Retry => pool.beginRetry(target);
      if (action.kind === 'durable' || (action.kind === 'exec' && action.durable))
        return performDurable(
          action,
          toDurableParts(permit, { notes: options.durable, clock, beginRetry, sink, signal, use }),
        );
      if (action.kind === 'write-file' || action.kind === 'remove-file')
        return performChange(action, { auditId, target, beginRetry, signal, leftovers, redeem, use: useUntil });
      const parts = { sink, signal, redeem, sudoPassword: () => sudoPasswordFor(permit) };
      const kind = action.kind === 'exec' || action.kind === 'shell' ? 'acts' : 'reads';
      return againWhenLost(kind, signal, () => use((connection) => perform(connection, action, parts)));
    },
    anticipate: (target) => pool.find(target)?.anticipate() ?? toDisposable(() => undefined),
    status: (id) => pool.status(id),
    retryNow: (id) => pool.retryNow(id),
    endRevoked: () => proxies.endRevoked(),
    onStatus: (listener) => pool.onStatus(listener),
    line: async (target) => pool.find(target)?.line.facts ?? (await options.lines?.find(target.recordHash)) ?? null,
    learnAnew: (target) => pool.learnAnew(target),
    async test(target, signal) {
      const connect = async (story: ConnectStory): Promise<Connection> => {
        const connection = await connector.connect(target, signal, story);
        pool.handleReached(target.id, connection.hostKey);
        pool.learnFrom(connection);
        return connection;
      };
      return untilAborted(testServer(connect, new ConnectStory(target, clock), connections), signal);
    },
    async trustHostKey(target, fingerprint, signal) {
      const { key, name } = await untilAborted(connector.prove(target, fingerprint, signal), signal);
      const wasKnown = (await hostKeys.view(name)).refusal(key, null) === null;
      if (!wasKnown) await hostKeys.store(name, key);
      pool.handleTrusted(fingerprint);
      return { fingerprint, type: typeOf(key) ?? 'unknown', host: name.host, port: name.port, wasKnown };
    },
    async keysKnownToSsh(target) {
      const names = await connector.namesOnTheWay(target);
      const found = names.map(async (name) =>
        (await hostKeys.knownToSsh(name)).map(({ key, type, file, line }) => {
          const { host, port } = name;
          return {
            name,
            key,
            type,
            host,
            port,
            fingerprint: toFingerprint(key),
            place: `${toTilde(file)} line ${line}`,
          };
        }),
      );
      return (await Promise.all(found)).flat();
    },
    async trustKnownKey({ name, key, fingerprint }) {
      await hostKeys.store(name, key);
      pool.handleTrusted(fingerprint);
    },
    expectLeftovers(writes) {
      for (const write of writes) leftovers.add(write);
    },
    onChangeFound: leftovers.onFound,
    dispose() {
      passphrases.dispose();
      return pool.dispose();
    },
  };
}

/** Over however many connections it goes, an action is taken out of its permit once. */
function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) call();
    isDone = true;
  };
}

interface PerformParts {
  readonly sink: PerformSink;
  readonly signal: AbortSignal;
  readonly redeem: () => void;
  readonly sudoPassword: () => Promise<string>;
}

function toDurableParts(
  permit: Permit,
  parts: Pick<DurableParts, 'notes' | 'clock' | 'beginRetry' | 'sink' | 'signal' | 'use'>,
): DurableParts {
  const { id, target } = permit;
  return { ...parts, id, server: target.id, address: target.address, redeem: () => void permit.redeem() };
}

function checkHostKey(connection: Connection, permit: Permit): void {
  if (permit.hostKey === null || permit.hostKey === connection.hostKey) return;
  throw new OperationError(
    'HOST_KEY_CHANGED',
    `${permit.target.id} showed the host key ${connection.hostKey}, but the approval was given for ${permit.hostKey}; ` +
      'nothing was run. Find out why the key changed, then ask again.',
    { data: { fingerprint: connection.hostKey, approved: permit.hostKey } },
  );
}

/** The permit is redeemed by the part that acts, as late as it can be. */
async function perform(
  connection: Connection,
  action: Exclude<Action, DurableAction | WriteFileAction | RemoveFileAction>,
  { sink, signal, redeem, sudoPassword }: PerformParts,
): Promise<PerformOutcome> {
  switch (action.kind) {
    case 'exec':
      return performExec(connection, action, sink, signal, {
        redeem,
        sudoPassword: action.sudo === 'password' ? await sudoPassword() : null,
      });
    case 'shell':
      return performShell(connection, action, sink, signal, redeem);
    case 'read-file':
      redeem();
      return untilAborted(performReadFile(connection, action), signal);
    case 'list-dir':
      redeem();
      return untilAborted(listDirectory(connection, action), signal);
    case 'stat':
      redeem();
      return untilAborted(statEntry(connection, action), signal);
    default:
      return unreachable(action);
  }
}
