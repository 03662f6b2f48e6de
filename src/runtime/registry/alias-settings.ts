/** What of an OpenSSH configuration a connection of ours uses, read from the lines of `ssh -G`. Only looks which keys exist. */
import { existsSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';

export interface AliasRequest {
  readonly alias: string;
  /** Overrides, as `ssh -l` and `ssh -p` do; for the hops of ProxyJump. */
  readonly username: string | null;
  readonly port: number | null;
}

export interface AliasSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** In the order they are tried; empty when there is neither an agent nor a key file. */
  readonly auth: readonly AuthChoice[];
  /** Hops of ProxyJump, the first one nearest to us; empty when direct. */
  readonly jumps: readonly string[];
  readonly hostKeyAlias: string | null;
  /** False when no Host line is about it: then the name is taken for a host's own, and nothing says how to log in. */
  readonly isConfigured: boolean;
}

/** @throws OperationError UNSUPPORTED for ProxyCommand, CONFIG_INVALID for a port that is none. */
export function toAliasSettings(
  request: AliasRequest,
  lines: ReadonlyMap<string, readonly string[]>,
  env: NodeJS.ProcessEnv,
): Omit<AliasSettings, 'isConfigured'> {
  const first = (key: string): string | null => {
    const value = lines.get(key)?.[0];
    return value === undefined || value.toLowerCase() === 'none' ? null : value;
  };
  const proxyCommand = first('proxycommand');
  if (proxyCommand !== null) {
    throw new OperationError(
      'UNSUPPORTED',
      `The ssh alias "${request.alias}" uses ProxyCommand, which would run a local program and is not supported; use ProxyJump instead.`,
    );
  }
  const host = first('hostname') ?? request.alias;
  const port = Number(first('port') ?? '22');
  const username = first('user') ?? userInfo().username;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new OperationError(
      'CONFIG_INVALID',
      `The ssh alias "${request.alias}" has no valid port; correct it in ~/.ssh/config.`,
    );
  }
  return {
    host,
    port,
    username,
    auth: toAuth(lines, env, { host, username, alias: request.alias }),
    jumps:
      first('proxyjump')
        ?.split(',')
        .map((hop) => hop.trim()) ?? [],
    hostKeyAlias: first('hostkeyalias'),
  };
}

/** A hop as ProxyJump writes it: `[user@]host[:port]` or `ssh://…`, IPv6 in brackets. */
export function toAliasRequest(hop: string): AliasRequest {
  const parts = /^(?:ssh:\/\/)?(?:(.+)@)?(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?\/?$/.exec(hop);
  if (!parts?.[2]) {
    throw new OperationError(
      'CONFIG_INVALID',
      `ProxyJump names "${hop}", which is no [user@]host[:port]; correct it in ~/.ssh/config.`,
    );
  }
  return {
    alias: parts[2].replace(/^\[|\]$/g, ''),
    username: parts[1] ?? null,
    port: parts[3] === undefined ? null : Number(parts[3]),
  };
}

interface Tokens {
  readonly host: string;
  readonly username: string;
  readonly alias: string;
}

function toAuth(lines: ReadonlyMap<string, readonly string[]>, env: NodeJS.ProcessEnv, tokens: Tokens): AuthChoice[] {
  const toPaths = (key: string): readonly string[] =>
    (lines.get(key) ?? [])
      .map((file) => expandPath(file, tokens))
      .filter((file): file is string => file !== null && existsSync(file));
  const socket = agentSocket(lines.get('identityagent')?.[0], env, tokens);
  const keys = toPaths('identityfile');
  // Those that are named and those that lie beside a key; before all keys, since somebody had them signed for this.
  const certificates = [
    ...toPaths('certificatefile').map((certificatePath) => ({ certificatePath, privateKeyPaths: keys })),
    ...keys
      .map((key) => ({ certificatePath: `${key}-cert.pub`, privateKeyPaths: [key] }))
      .filter(({ certificatePath }) => existsSync(certificatePath)),
  ];
  const certified = certificates.map(
    (certificate): AuthChoice => ({ kind: 'certificate', ...certificate, agentSocket: socket, passphrase: null }),
  );
  const files = keys.map((privateKeyPath): AuthChoice => ({ kind: 'privateKey', privateKeyPath, passphrase: null }));
  const agent: AuthChoice[] = socket === null ? [] : [{ kind: 'agent', socket }];
  // IdentitiesOnly says: these files, however many keys the agent offers; so they go first, before sshd has had enough.
  const filesFirst = lines.get('identitiesonly')?.[0] === 'yes';
  return [...certified, ...(filesFirst ? [...files, ...agent] : [...agent, ...files])];
}

/** ssh_config(5): absent means $SSH_AUTH_SOCK; "none", a variable, or a path. */
function agentSocket(value: string | undefined, env: NodeJS.ProcessEnv, tokens: Tokens): string | null {
  if (value === 'none') return null;
  if (value === undefined || value === 'SSH_AUTH_SOCK') return env.SSH_AUTH_SOCK || null;
  if (value.startsWith('$')) return env[value.slice(1).replace(/^\{|\}$/g, '')] || null;
  return expandPath(value, tokens);
}

/** `~/` and the tokens that ssh_config(5) allows in key paths; null when one of them is not known here. */
function expandPath(path: string, tokens: Tokens): string | null {
  const home = userInfo().homedir || homedir();
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    d: home,
    h: tokens.host,
    n: tokens.alias,
    r: tokens.username,
    u: userInfo().username,
    l: hostname(),
    L: hostname().split('.')[0] ?? '',
    i: String(userInfo().uid),
  };
  let isKnown = true;
  const expanded = path.replace(/^"|"$/g, '').replace(/%(.)/g, (_all, token: string) => {
    const value = values[token];
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  if (!isKnown) return null;
  const absolute = expanded.startsWith('~/') ? join(home, expanded.slice(2)) : expanded;
  return isAbsolute(absolute) ? absolute : null;
}
