/** The registry of servers: ids to targets for the gate, targets to connection settings for SSH. Opens no connection, reveals no secret. */
import { homedir } from 'node:os';
import { systemClock } from '../../base/clock.ts';
import { nearest } from '../../base/nearest.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { type LocalCommand, type LocalCommands, toLibraryText } from '../../core/login/local-command.ts';
import type { Paths } from '../../core/paths.ts';
import type { BrokenServer, ConnectionSettings, ConnectionSource, Registry } from '../../core/ports.ts';
import type { Target } from '../../core/server.ts';
import { createAllowedCommands } from '../local-commands/allowed-commands.ts';
import { createLocalCommands } from '../local-commands/ask-leave.ts';
import { createShellGate } from '../local-commands/shell-gate.ts';
import { createTrust } from '../trust.ts';
import { secretsOf } from './parse-servers.ts';
import { createResolver, type Resolved } from './resolve-record.ts';
import { createServerView, type ServerView, type ViewEntry } from './server-view.ts';
import { toSettingsAccount } from './settings-account.ts';
import { createSshAliases } from './ssh-alias.ts';

export interface RegistryOptions {
  readonly paths: Pick<Paths, 'serversFile' | 'trustFile' | 'localCommandsFile' | 'runtime'>;
  /** Who is asked whether commands of the ssh configuration may run; absent: nobody, and what was not allowed before is refused. */
  readonly localCommands?: LocalCommands;
  /** HOME, SSH_AUTH_SOCK, PATH and SIGNALBOX_SSH_CONFIG are read from it; default: the environment of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Instead of ~/.ssh/config and the system-wide file; default: $SIGNALBOX_SSH_CONFIG, where it is set. */
  readonly sshConfigFile?: string;
  /** Program asked with `-G`; null acts as if OpenSSH were not installed. Default: `ssh` of PATH. */
  readonly sshProgram?: string | null;
}

export interface FileRegistry extends Registry, ConnectionSource {
  /** The commands of this machine that are the line to the server or to a jump host on the way, the nearest to us first. Throws as `resolve` does. */
  proxyCommandsTo(id: string, workspace: string | null): Promise<readonly LocalCommand[]>;
}

export function createRegistry(options: RegistryOptions): FileRegistry {
  const env = options.env ?? process.env;
  const { paths } = options;
  const { serversFile, trustFile } = paths;
  const readView = createServerView({
    serversFile,
    trustFile,
    trust: createTrust(trustFile),
    home: env.HOME || homedir(),
  });
  const secrets = new SecretVariables();
  const view = async (workspace: string | null): Promise<ServerView> => secrets.learn(await readView(workspace));
  const aliases = createSshAliases({
    configFile: options.sshConfigFile ?? (env.SIGNALBOX_SSH_CONFIG || null),
    program: options.sshProgram === undefined ? 'ssh' : options.sshProgram,
    env,
    secretVariables: () => secrets.names,
    gate: createShellGate({ folder: paths.runtime, env, secretVariables: () => secrets.names }),
    localCommands:
      options.localCommands ??
      createLocalCommands({
        allowed: createAllowedCommands(paths.localCommandsFile),
        questions: null,
        clock: systemClock,
      }),
    localCommandsFile: paths.localCommandsFile,
  });
  const resolver = createResolver(aliases, env);
  const origins = new Origins();

  return {
    async list(workspace) {
      const current = await view(workspace);
      const servers: Target[] = [];
      const broken: BrokenServer[] = [...current.broken].map(([id, problem]) => ({ id, problem }));
      await inBatches([...current.good.values()], async (entry) => {
        try {
          const resolved = await resolver.resolve(entry, current, 'listed');
          servers.push(origins.keep(resolved, workspace));
        } catch (error) {
          if (!(error instanceof OperationError)) throw error;
          const { id, environment } = entry.record;
          broken.push({ id, problem: error.message, ...(environment === undefined ? {} : { environment }) });
        }
      });
      return {
        servers: servers.sort((one, other) => (one.id < other.id ? -1 : 1)),
        broken: broken.sort((one, other) => (one.id < other.id ? -1 : 1)),
        warnings: current.warnings,
      };
    },

    async resolve(id, workspace, people) {
      const current = await view(workspace);
      return origins.keep(
        await resolver.resolve(find(current, id), current, people === 'asked' ? 'cached' : 'listed'),
        workspace,
      );
    },

    async proxyCommandsTo(id, workspace) {
      const current = await view(workspace);
      const commands: LocalCommand[] = [];
      let one: Resolved | null = await resolver.resolve(find(current, id), current, 'cached');
      for (; one !== null; one = one.through) {
        const { proxyCommand: text, id: server } = one.target;
        const library = one.options?.pkcs11Provider ?? null;
        if (library !== null) commands.unshift({ server, text: toLibraryText(library) });
        if (text !== undefined) commands.unshift({ server, text });
      }
      return commands;
    },

    async connection(target) {
      const origin = origins.of(target);
      const current = await view(origin.workspace);
      const fresh =
        origin.hops === null
          ? await resolver.resolve(find(current, target.id), current, 'fresh')
          : await resolver.resolveHops(origin.hops, 'fresh', target.id);
      origins.keep(fresh, origin.workspace);
      if (fresh.target.recordHash !== target.recordHash) {
        throw new OperationError(
          'CONFIG_INVALID',
          `The settings of "${target.id}" changed since this was asked (now ${fresh.target.address}); ask again to use the new ones.`,
        );
      }
      const { sudo, transport = 'auto' } = origin.hops === null ? find(current, target.id).record : {};
      return { ...toSettings(fresh, secrets.names), transport, ...(sudo === undefined ? {} : { sudo: sudo.secret }) };
    },

    async explain(target, depth = 'whole') {
      const { workspace, hops } = origins.of(target);
      const entry = (await view(workspace)).good.get(target.id);
      if (hops !== null || entry === undefined) return { source: `ssh alias ${target.id}`, notes: [], leftOut: [] };
      return await toSettingsAccount(entry, aliases, depth);
    },
  };
}

function find(view: ServerView, id: string): ViewEntry {
  const entry = view.good.get(id);
  if (entry) return entry;
  const problem = view.broken.get(id);
  if (problem !== undefined) throw new OperationError('CONFIG_INVALID', problem);
  const meant = nearest(id, view.good.keys());
  const next = meant === null ? '`signalbox server list` shows those there are' : `did you mean "${meant}"?`;
  throw new OperationError('SERVER_NOT_FOUND', `No server "${id}" is registered; ${next}${meant === null ? '.' : ''}`);
}

function toSettings(resolved: Resolved, secretVariables: readonly string[]): ConnectionSettings {
  const { target, route } = resolved;
  const auth = resolved.auth();
  const { options: ssh } = resolved;
  if (auth.length === 0 && !ssh?.gssapi && !ssh?.pkcs11Provider) {
    throw new OperationError(
      'CREDENTIALS_UNAVAILABLE',
      `There is neither an ssh-agent nor a key file for "${target.id}", and its OpenSSH configuration does not let anybody be asked; start an ssh-agent or set "auth" in its record.`,
    );
  }
  const { host, port, username, jump, hostKeyAlias, proxyCommand: command } = route;
  const secret = secretVariables.length === 0 ? {} : { secretVariables };
  const proxy = command === null ? {} : { proxy: { command, secretVariables } };
  return { host, port, username, auth, jump, hostKeyAlias, ...proxy, ...secret, ...(ssh === null ? {} : { ssh }) };
}

/** Names of variables that records take secrets from, of all records that were read: no command of this machine is handed them. */
class SecretVariables {
  readonly #names = new Set<string>();
  readonly #read = new WeakSet<ServerView>();

  get names(): readonly string[] {
    return [...this.#names];
  }

  learn(view: ServerView): ServerView {
    if (this.#read.has(view)) return view;
    this.#read.add(view);
    for (const { record } of view.good.values())
      for (const { source } of secretsOf(record))
        if (typeof source === 'object' && 'env' in source) this.#names.add(source.env);
    return view;
  }
}

/** `ssh -G` is a process each: eight at once keep a list of a hundred aliases short without flooding the machine. */
async function inBatches<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of waiting) await task(item);
    }),
  );
}

interface Origin {
  readonly workspace: string | null;
  /** Hops of ProxyJump that lead to it, for a target that no record names. */
  readonly hops: readonly string[] | null;
}

/** Remembers where a target came from, by its hash: that is how the settings of any copy of it are found again. The oldest are forgotten. */
class Origins {
  readonly #byHash = new Map<string, Origin>();
  /** Those whose hash nobody has asked for yet. */
  #unhashed: (readonly [Target, Origin])[] = [];

  keep(resolved: Resolved, workspace: string | null): Target {
    for (let one: Resolved | null = resolved; one !== null; one = one.through)
      this.#unhashed.push([one.target, { workspace, hops: one.hops }]);
    if (this.#unhashed.length > limits.serversMax) this.#hash();
    return resolved.target;
  }

  of(target: Target): Origin {
    this.#hash();
    const origin = this.#byHash.get(target.recordHash);
    if (origin) return origin;
    throw new OperationError(
      'SERVER_NOT_FOUND',
      `The record of "${target.id}" is not known here; resolve the server again.`,
    );
  }

  #hash(): void {
    for (const [{ recordHash }, origin] of this.#unhashed) {
      this.#byHash.delete(recordHash);
      this.#byHash.set(recordHash, origin);
    }
    this.#unhashed = [];
    for (const oldest of this.#byHash.keys()) {
      if (this.#byHash.size <= 2 * limits.serversMax) break;
      this.#byHash.delete(oldest);
    }
  }
}
