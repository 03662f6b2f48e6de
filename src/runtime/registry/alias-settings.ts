/** What of an OpenSSH configuration a connection of ours uses, read from the lines of `ssh -G`. Only looks which keys exist. */
import { userInfo } from 'node:os';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { toAliasLogin } from './alias-login.ts';
import { toAliasOptions } from './alias-options.ts';
import { expandTokens } from './config-path.ts';
import { type LeftOut, leftOutOf } from './ssh-config-options.ts';

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
  /** In the order they are tried; empty when it allows neither a key that is there nor asking a person. */
  readonly auth: readonly AuthChoice[];
  readonly options: SshOptions;
  /** What of it is not kept to. */
  readonly leftOut: readonly LeftOut[];
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
  const tokens = { host, port, username, alias: request.alias };
  const jumps = first('proxyjump')?.split(',') ?? [];
  return {
    host,
    port,
    username,
    auth: toAliasLogin(lines, env, tokens),
    options: toAliasOptions(lines, env, tokens),
    leftOut: leftOutOf(lines),
    // What a token means is known here; one that is not is no name of a host, and is refused as such.
    jumps: jumps.map((hop) => expandTokens(hop.trim(), tokens) ?? hop),
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
