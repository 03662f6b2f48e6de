/** What a connection keeps to of an OpenSSH configuration, read from the lines of `ssh -G` or of what stands in for it. */
import { plainSshOptions, type SshOptions } from '../../core/ssh-options.ts';
import { toLocalEnvironment } from '../local-commands/local-environment.ts';
import { type Tokens, toConfigPath } from './config-path.ts';
import { matchesGlob } from './matches-glob.ts';

type Lines = ReadonlyMap<string, readonly string[]>;

/** `secretVariables` are those that records of servers take secrets from: no server is sent them. */
export function toAliasOptions(
  lines: Lines,
  env: NodeJS.ProcessEnv,
  tokens: Tokens,
  secretVariables: readonly string[],
): SshOptions {
  const first = (option: string): string | null => {
    const value = lines.get(option)?.[0];
    return value === undefined || value === '' || value.toLowerCase() === 'none' ? null : value;
  };
  const limit = (option: string): readonly string[] | null => toLimit(first(option));
  const family = first('addressfamily')?.toLowerCase();
  const timeout = toSeconds(first('connecttimeout'));
  const revoked = first('revokedhostkeys');
  return {
    ...plainSshOptions,
    addressFamily: family === 'inet' ? 4 : family === 'inet6' ? 6 : null,
    bindAddress: first('bindaddress'),
    bindInterface: first('bindinterface'),
    connectTimeoutMs: timeout === null ? null : timeout * 1000,
    keepalive: toKeepalive(toSeconds(first('serveraliveinterval')), Number(first('serveralivecountmax') ?? 3)),
    algorithms: {
      kex: limit('kexalgorithms'),
      ciphers: limit('ciphers'),
      macs: limit('macs'),
      hostKeys: limit('hostkeyalgorithms'),
      publicKeys: limit('pubkeyacceptedalgorithms'),
    },
    compresses: isYes(first('compression')),
    gssapi: isYes(first('gssapiauthentication')) && mayUse('gssapi-with-mic', first('preferredauthentications')),
    pkcs11Provider: toProvider(first('pkcs11provider'), tokens, env),
    environment: toEnvironment(lines, toLocalEnvironment(env, secretVariables)),
    knownHostsFiles: toKnownHostsFiles(lines, env, tokens),
    // One that cannot be found out is not passed over: reading it then fails, and so does the connection.
    revokedKeysFile: revoked === null ? null : (toConfigPath(revoked, tokens, env) ?? revoked),
  };
}

function isYes(value: string | null): boolean {
  return /^(yes|true)$/i.test(value ?? 'no');
}

function mayUse(method: string, preferred: string | null): boolean {
  return preferred === null || preferred.split(',').includes(method);
}

/** Where it cannot be found out, it is left as it stands: ssh then says that it is not there. */
function toProvider(provider: string | null, tokens: Tokens, env: NodeJS.ProcessEnv): string | null {
  return provider === null ? null : (toConfigPath(provider, tokens, env) ?? provider);
}

/** `ssh -G` prints whole lists. Where it is not there, a list that adds to ssh's own or reorders it is no limit of ours. */
function toLimit(list: string | null): readonly string[] | null {
  return list === null || /^[+^-]/.test(list) ? null : list.split(',').map((name) => name.trim());
}

/** TIME FORMATS of sshd_config(5): seconds, or numbers with s, m, h, d and w. Null for 0, "none" and what is no time. */
export function toSeconds(text: string | null): number | null {
  const parts = [...(text ?? '').matchAll(/(\d+)([smhdw]?)/gi)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const seconds = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit.toLowerCase()] ?? 1),
    0,
  );
  return seconds === 0 ? null : seconds;
}

function toKeepalive(intervalSeconds: number | null, count: number): SshOptions['keepalive'] {
  if (intervalSeconds === null) return null;
  return { everyMs: intervalSeconds * 1000, missesMax: Number.isInteger(count) && count > 0 ? count : 3 };
}

/** What SetEnv says, and of our own environment what SendEnv names; the former wins, as in ssh. */
function toEnvironment(lines: Lines, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const patterns = (lines.get('sendenv') ?? []).flatMap((line) => line.split(/\s+/)).filter((word) => word !== '');
  const sent = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && patterns.some((pattern) => matchesGlob(name, pattern)) ? [[name, value]] : [],
  );
  const set = (lines.get('setenv') ?? []).flatMap((line): [string, string][] => {
    const [, name, value] = /^"?([^=]+)=(.*)$/s.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value.replace(/^"|"$/g, '')]];
  });
  return Object.fromEntries([...sent, ...set]);
}

/** Null when neither option was printed. Of names with spaces, `ssh -G` prints no quotes: what is no beginning of a path goes on with the one before. */
function toKnownHostsFiles(lines: Lines, env: NodeJS.ProcessEnv, tokens: Tokens): readonly string[] | null {
  const values = [lines.get('userknownhostsfile')?.join(' '), lines.get('globalknownhostsfile')?.join(' ')];
  if (values.every((value) => value === undefined)) return null;
  return values.flatMap((value = '') => {
    const paths: string[] = [];
    for (const [index, word] of value.split(' ').entries()) {
      if (index === 0 || /^("|~|\/|%|\$\{)/.test(word) || word === 'none') paths.push(word);
      else paths.push(`${paths.pop()} ${word}`);
    }
    return paths.map((path) => toConfigPath(path, tokens, env)).filter((path): path is string => path !== null);
  });
}
