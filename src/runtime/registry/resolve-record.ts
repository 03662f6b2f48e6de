/** Resolves a record to its target, route and ways to log in: aliases through OpenSSH, jumps through other records. */
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import type { Auth, Target } from '../../core/server.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { type AliasSettings, toAliasRequest } from './alias-settings.ts';
import type { ServerView, ViewEntry } from './server-view.ts';
import type { How, SshAliases } from './ssh-alias.ts';
import { type Route, toHopTarget, toTarget } from './to-target.ts';

export interface Resolved {
  readonly target: Target;
  readonly route: Route;
  /** The jump as it was resolved; null when direct. */
  readonly through: Resolved | null;
  /** Hops that name this target when no record does. */
  readonly hops: readonly string[] | null;
  /** What else its OpenSSH configuration says; null: it has none. */
  readonly options: SshOptions | null;
  /** Throws CREDENTIALS_UNAVAILABLE when an agent is demanded and none runs. */
  auth(): readonly AuthChoice[];
}

interface Look {
  readonly how: How;
  /** The id of the server for whose sake hops are looked up. */
  readonly asker: string;
}

export interface Resolver {
  /** Throws CONFIG_INVALID for a jump that leads nowhere or in a circle, and what aliases throw. */
  resolve(entry: ViewEntry, view: ServerView, how: How): Promise<Resolved>;
  /** The last hop, reached through those before it, for the server `asker`. */
  resolveHops(hops: readonly string[], how: How, asker: string): Promise<Resolved>;
}

export function createResolver(aliases: SshAliases, env: NodeJS.ProcessEnv): Resolver {
  // A record that names its own address says everything by itself, and is another object once its file was read again.
  const direct = new WeakMap<ViewEntry, Resolved>();
  const resolveEntry = async (
    entry: ViewEntry,
    view: ServerView,
    how: How,
    path: readonly string[],
  ): Promise<Resolved> => {
    const { record } = entry;
    if ('ssh' in record) {
      const settings = await aliases.lookup({ alias: record.ssh, username: null, port: null }, how, record.id);
      const through = await throughHops(settings, { how, asker: record.id }, 0);
      const route = toRoute(settings, through);
      const choices = record.auth
        ? () => toChoices(record.id, record.auth, env)
        : () => toAliasChoices(record, settings);
      const { options } = settings;
      return { target: toTarget(entry, route), route, through, hops: null, options, auth: choices };
    }
    const known = direct.get(entry);
    if (known) return known;
    const through = record.jump === undefined ? null : await followJump(record.id, record.jump, view, how, path);
    const { host, port, username } = record;
    const route: Route = {
      host,
      port,
      username,
      hostKeyAlias: null,
      proxyCommand: null,
      jump: through?.target ?? null,
    };
    const resolved: Resolved = {
      target: toTarget(entry, route),
      route,
      through,
      hops: null,
      options: null,
      auth: () => toChoices(record.id, record.auth, env),
    };
    if (record.jump === undefined) direct.set(entry, resolved);
    return resolved;
  };

  const followJump = async (
    from: string,
    jump: string,
    view: ServerView,
    how: How,
    path: readonly string[],
  ): Promise<Resolved> => {
    const walked = [...path, from];
    if (walked.includes(jump)) {
      throw new OperationError(
        'CONFIG_INVALID',
        `The jumps ${[...walked, jump].join(' -> ')} lead in a circle; correct "jump" in one of these records.`,
      );
    }
    if (walked.length > limits.jumpsMax) throw tooManyJumps(walked[0] ?? from);
    const next = view.good.get(jump);
    if (next) return await resolveEntry(next, view, how, walked);
    const reason = view.broken.get(jump) ?? `no server "${jump}" is registered; add it or correct "jump".`;
    throw new OperationError('CONFIG_INVALID', `"${from}" jumps through "${jump}", but that cannot be used: ${reason}`);
  };

  const throughHops = async (settings: AliasSettings, look: Look, depth: number): Promise<Resolved | null> =>
    settings.jumps.length === 0 ? null : await resolveHops(settings.jumps, look, depth + 1);

  const resolveHops = async (hops: readonly string[], look: Look, depth: number): Promise<Resolved> => {
    const last = hops.at(-1) ?? '';
    if (hops.length > limits.jumpsMax || depth > limits.jumpsMax) throw tooManyJumps(last);
    const settings = await aliases.lookup(toAliasRequest(last), look.how, look.asker);
    const before = hops.slice(0, -1);
    // As ssh does: the hops that are named replace what the hop's own configuration says, except for the first.
    const through =
      before.length > 0 ? await resolveHops(before, look, depth + 1) : await throughHops(settings, look, depth);
    const route = toRoute(before.length > 0 ? { ...settings, proxyCommand: null } : settings, through);
    const { options, auth } = settings;
    return { target: toHopTarget(hops.join(','), route), route, through, hops, options, auth: () => auth };
  };

  return {
    resolve: (entry, view, how) => resolveEntry(entry, view, how, []),
    resolveHops: (hops, how, asker) => resolveHops(hops, { how, asker }, 0),
  };
}

function toRoute(settings: AliasSettings, through: Resolved | null): Route {
  const { host, port, username, hostKeyAlias, proxyCommand } = settings;
  return { host, port, username, hostKeyAlias, proxyCommand, jump: through?.target ?? null };
}

/** Throws CREDENTIALS_UNAVAILABLE that names the alias when it is the cause: nothing is written about it anywhere. */
function toAliasChoices(
  record: { readonly id: string; readonly ssh: string },
  settings: AliasSettings,
): readonly AuthChoice[] {
  if (settings.auth.length > 0 || settings.isConfigured) return settings.auth;
  throw new OperationError(
    'CREDENTIALS_UNAVAILABLE',
    `"${record.id}" uses the ssh alias "${record.ssh}", which is in no Host line of ~/.ssh/config, so nothing says how to log in; add it there or correct "ssh" in the record.`,
  );
}

function tooManyJumps(id: string): OperationError {
  return new OperationError(
    'CONFIG_INVALID',
    `"${id}" needs more than ${limits.jumpsMax} jumps, or they lead in a circle; shorten the way in its record or in ~/.ssh/config.`,
  );
}

function toChoices(id: string, auth: Auth | undefined, env: NodeJS.ProcessEnv): readonly AuthChoice[] {
  switch (auth?.kind) {
    case undefined:
      return [];
    case 'agent': {
      const socket = auth.socket ?? env.SSH_AUTH_SOCK;
      if (socket) return [{ kind: 'agent', socket }];
      throw new OperationError(
        'CREDENTIALS_UNAVAILABLE',
        `Nothing says how to log in to "${id}": its record names no key and no password, and no ssh-agent runs here (SSH_AUTH_SOCK is not set). Edit it, or start the agent with \`eval "$(ssh-agent)"\` and add your key.`,
      );
    }
    case 'privateKey':
      return [{ kind: 'privateKey', privateKeyPath: auth.privateKeyPath, passphrase: auth.passphrase ?? null }];
    case 'certificate': {
      const { certificatePath, privateKeyPath, passphrase = null } = auth;
      const agentSocket = env.SSH_AUTH_SOCK || null;
      return [{ kind: 'certificate', certificatePath, privateKeyPaths: [privateKeyPath], agentSocket, passphrase }];
    }
    case 'password':
      return [{ kind: 'password', secret: auth.secret ?? null }];
  }
}
