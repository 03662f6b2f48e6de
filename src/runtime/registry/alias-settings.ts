/** What of an OpenSSH configuration a connection of ours uses, read from the lines of `ssh -G`. Only looks which keys exist. */
import { userInfo } from 'node:os';
import { OperationError } from '../../core/codes.ts';
import type { AuthChoice } from '../../core/login/auth-choice.ts';
import type { SshOptions } from '../../core/ssh-options.ts';
import { expandProxyCommand } from '../local-commands/expand-proxy-command.ts';
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
  /** ProxyCommand, its tokens replaced: a command of this machine that is the line to the server; null when there is none. */
  readonly proxyCommand: string | null;
  /** False when no Host line is about it: then the name is taken for a host's own, and nothing says how to log in. */
  readonly isConfigured: boolean;
}

/** @throws OperationError UNSUPPORTED for ProxyUseFdpass, CONFIG_INVALID for a port that is none and for what a ProxyCommand cannot be given. */
export function toAliasSettings(
  request: AliasRequest,
  lines: ReadonlyMap<string, readonly string[]>,
  env: NodeJS.ProcessEnv,
  secretVariables: readonly string[] = [],
): Omit<AliasSettings, 'isConfigured'> {
  const first = (key: string): string | null => {
    const value = lines.get(key)?.[0];
    return value === undefined || value.toLowerCase() === 'none' ? null : value;
  };
  refuseFdpass(request, first);
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
  const template = first('proxycommand');
  const hostKeyAlias = first('hostkeyalias');
  return {
    host,
    port,
    username,
    auth: toAliasLogin(lines, env, tokens),
    options: toAliasOptions(lines, env, tokens, secretVariables),
    leftOut: leftOutOf(lines),
    // What a token means is known here; one that is not is no name of a host, and is refused as such.
    jumps: jumps.map((hop) => expandTokens(hop.trim(), tokens) ?? hop),
    hostKeyAlias,
    proxyCommand: template === null ? null : expandProxyCommand(template, { ...tokens, hostKeyAlias }),
  };
}

/** A command that hands a socket over has no output that could be the line. */
function refuseFdpass({ alias }: AliasRequest, first: (key: string) => string | null): void {
  if (first('proxycommand') === null || first('proxyusefdpass') !== 'yes') return;
  throw new OperationError(
    'UNSUPPORTED',
    `The ssh alias "${alias}" uses ProxyUseFdpass, which is not supported; let its ProxyCommand carry the data itself and remove ProxyUseFdpass.`,
  );
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

/** Whether a name may reach `ssh` as an argument, and through Match exec perhaps a shell. */
export function isPlainAlias(name: string): boolean {
  return /^[A-Za-z0-9_:][A-Za-z0-9_.:-]*$/.test(name);
}
