/** Builds the Target of a resolved record and the hash that names it. Pure; knows no file and no connection. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { present } from '../../base/assert.ts';
import type { ServerRecord, Target } from '../../core/server.ts';
import type { ViewEntry } from './server-view.ts';

/** Where a connection goes, once aliases are resolved. */
export interface Route {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly hostKeyAlias: string | null;
  /** A command of this machine that is the line there; null when there is none. */
  readonly proxyCommand: string | null;
  readonly jump: Target | null;
}

export function toTarget(entry: ViewEntry, route: Route): Target {
  const { record } = entry;
  const environment = record.environment ?? 'production';
  const target: Omit<Target, 'recordHash'> = {
    id: record.id,
    ...addressOf(route),
    ...throughOf(route),
    ...(route.proxyCommand === null ? {} : { proxyCommand: route.proxyCommand }),
    environment,
    environmentAssumed: record.environment === undefined,
    labels: record.labels,
    groups: record.groups,
    roots: record.roots,
    readonly: record.readonly,
    sensitive: record.sensitive,
    redactOutput: record.redactOutput ?? environment === 'production',
    ...(record.sudo === undefined ? {} : { sudo: 'password' }),
    scope: entry.scope,
    shadowsGlobal: entry.shadowsGlobal,
  };
  const { file, scope } = entry;
  return withHash(target, () => hashOf({ file, scope, record: withoutPlainSecrets(record), route }));
}

/** A hop that only ~/.ssh/config knows: nothing runs there but the forwarding, so it has no limits of its own. */
export function toHopTarget(hop: string, route: Route): Target {
  const target: Omit<Target, 'recordHash'> = {
    id: `ssh:${hop}`,
    ...addressOf(route),
    ...throughOf(route),
    ...(route.proxyCommand === null ? {} : { proxyCommand: route.proxyCommand }),
    environment: 'production',
    environmentAssumed: true,
    labels: [],
    groups: [],
    roots: [],
    readonly: true,
    sensitive: [],
    redactOutput: true,
    scope: 'global',
    shadowsGlobal: false,
  };
  return withHash(target, () => hashOf({ hop, route }));
}

/** The hash is made when somebody asks for it: a list of a thousand servers needs none. */
function withHash(target: Omit<Target, 'recordHash'>, toHash: () => string): Target {
  let known: string | null = null;
  return {
    ...target,
    get recordHash() {
      known ??= toHash();
      return known;
    },
  };
}

function addressOf(route: Route): Pick<Target, 'host' | 'port' | 'username' | 'address'> {
  const { host, port, username } = route;
  const shown = host.includes(':') ? `[${host}]` : host;
  return { host, port, username, address: `${username}@${shown}:${port}` };
}

/** Of several hops in one id, the last is the one whose address it is. */
function throughOf({ jump }: Route): Pick<Target, 'through'> {
  if (jump === null) return {};
  const name = jump.id.replace(/^ssh:(.*,)?/, '');
  const how = jump.proxyCommand === undefined ? '' : ', by a command of this machine';
  return { through: [...(jump.through ?? []), `${name} (${jump.address}${how})`] };
}

/** The hash is written to the log: a guessable password in it could be tried out against the hash. */
function withoutPlainSecrets(record: ServerRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value: unknown) =>
      (key === 'secret' || key === 'passphrase') && typeof value === 'string' ? null : value,
    ),
  );
}

function hashOf(value: Readonly<Record<string, unknown>> & { readonly route: Route }): string {
  const { jump, proxyCommand, ...route } = value.route;
  const command = proxyCommand === null ? {} : { proxyCommand };
  const text = canonicalize({ ...value, route: { ...route, ...command, jump: jump?.recordHash ?? null } });
  return createHash('sha256').update(present(text, 'A record is always JSON.')).digest('hex');
}
