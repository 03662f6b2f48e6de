/** Asks OpenSSH what a host alias of ~/.ssh/config means (`ssh -G`); npm ssh-config answers where no OpenSSH is installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { fileStamp } from '../config-file.ts';
import { type AliasRequest, type AliasSettings, toAliasSettings } from './alias-settings.ts';
import { hasMatch, isNamedIn, readSshConfigText, systemSshConfigFile, userSshConfigFile } from './ssh-config-text.ts';

export interface SshAliases {
  /**
   * What the alias means now. `cached` answers from memory while no configuration file has changed; `fresh` always asks.
   * Throws CONFIG_INVALID for a name ssh refuses or a configuration it cannot read, UNSUPPORTED for ProxyCommand.
   */
  lookup(request: AliasRequest, how: 'cached' | 'fresh'): Promise<AliasSettings>;
}

export interface SshAliasOptions {
  /** Instead of ~/.ssh/config; then the system-wide file is not read either. */
  readonly configFile: string | null;
  /** Path or name of the program; null: act as if OpenSSH were not installed. */
  readonly program: string | null;
  readonly env: NodeJS.ProcessEnv;
}

export function createSshAliases(options: SshAliasOptions): SshAliases {
  const cache = new Map<string, { readonly stamp: string; readonly settings: AliasSettings }>();
  const files = createSourceStamp(options);
  return {
    async lookup(request, how) {
      refuseOddNames(request);
      const key = JSON.stringify([request.alias, request.username, request.port]);
      const stamp = await files();
      const known = cache.get(key);
      if (how === 'cached' && known && stamp !== null && known.stamp === stamp) return known.settings;
      const found = toAliasSettings(request, await askForLines(request, options), options.env);
      const settings = { ...found, isConfigured: await isConfigured(request.alias, options) };
      cache.delete(key);
      if (stamp !== null) cache.set(key, { stamp, settings });
      for (const oldest of cache.keys()) {
        if (cache.size <= limits.serversMax) break;
        cache.delete(oldest);
      }
      return settings;
    },
  };
}

/** The words reach `ssh` as one argument each, and Match exec may put them into a shell command: only plain names pass. */
function refuseOddNames(request: AliasRequest): void {
  const nameIsPlain = /^[A-Za-z0-9_:][A-Za-z0-9_.:-]*$/.test(request.alias);
  const userIsPlain = request.username === null || /^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*$/.test(request.username);
  if (nameIsPlain && userIsPlain) return;
  throw new OperationError(
    'CONFIG_INVALID',
    `The ssh alias ${JSON.stringify(request.username === null ? request.alias : `${request.username}@${request.alias}`)} ` +
      'holds characters that a host name cannot have; correct it in servers.json or ~/.ssh/config.',
  );
}

async function askForLines(request: AliasRequest, options: SshAliasOptions): Promise<Map<string, string[]>> {
  if (options.program === null) return await readWithoutOpenSsh(request, options);
  const args = ['-G'];
  if (options.configFile !== null) args.push('-F', existsSync(options.configFile) ? options.configFile : 'none');
  if (request.username !== null) args.push('-l', request.username);
  if (request.port !== null) args.push('-p', String(request.port));
  try {
    const { stdout } = await promisify(execFile)(options.program, [...args, '--', request.alias], {
      env: options.env,
      timeout: limits.sshConfigTimeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: limits.configFileBytesMax,
    });
    return toLines(stdout);
  } catch (error) {
    const failure = error as { readonly code?: unknown; readonly killed?: boolean; readonly stderr?: string };
    if (failure.code === 'ENOENT') return await readWithoutOpenSsh(request, options);
    const said = failure.killed
      ? `no answer in ${limits.sshConfigTimeoutMs / 1000} s`
      : (failure.stderr ?? '').trim().split('\n')[0];
    throw new OperationError(
      'CONFIG_INVALID',
      `OpenSSH cannot resolve the alias "${request.alias}" (${said || 'no reason given'}); try \`ssh -G ${request.alias}\`.`,
      { cause: error },
    );
  }
}

function toLines(stdout: string): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space === -1) continue;
    const key = line.slice(0, space).toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), line.slice(space + 1).trim()]);
  }
  return lines;
}

/** The values of the first matching Host blocks; Match is refused, since it would be evaluated by running programs. */
async function readWithoutOpenSsh(request: AliasRequest, options: SshAliasOptions): Promise<Map<string, string[]>> {
  const { text } = await readSshConfigText(options.configFile ?? userSshConfigFile());
  if (hasMatch(text)) {
    throw new OperationError(
      'UNSUPPORTED',
      'Your ssh configuration uses Match, which needs OpenSSH to evaluate; install the ssh program.',
    );
  }
  const { default: SshConfig } = await import('ssh-config');
  const computed = SshConfig.parse(text).compute(request.alias, { ignoreCase: true });
  const lines = new Map<string, string[]>();
  for (const [key, value] of Object.entries(computed)) {
    lines.set(key.toLowerCase(), Array.isArray(value) ? value : [value]);
  }
  // One a line, as `ssh -G` prints them.
  const set = lines.get('setenv')?.flatMap((line) => line.match(/(?:"[^"]*"|[^\s"])+/g) ?? []);
  if (set) lines.set('setenv', [...set]);
  const host = lines.get('hostname')?.[0] ?? request.alias;
  lines.set('hostname', [host.replaceAll('%h', request.alias)]);
  lines.set('user', [request.username ?? lines.get('user')?.[0] ?? userInfo().username]);
  lines.set('port', [String(request.port ?? lines.get('port')?.[0] ?? 22)]);
  return lines;
}

async function isConfigured(alias: string, options: SshAliasOptions): Promise<boolean> {
  const files = options.configFile === null ? [userSshConfigFile(), systemSshConfigFile] : [options.configFile];
  const texts = await Promise.all(files.map(readSshConfigText));
  return texts.some(({ text }) => isNamedIn(text, alias));
}

/** One stamp over every file that may change an answer; null while one of them is too young to vouch for. */
function createSourceStamp(options: SshAliasOptions): () => Promise<string | null> {
  const main = options.configFile ?? userSshConfigFile();
  const roots = options.configFile === null ? [main, systemSshConfigFile] : [main];
  let sources: readonly string[] = roots;
  let last: string | null = null;
  const stampOf = (): string | null => {
    const stamps = sources.map(fileStamp);
    return stamps.includes(null) ? null : stamps.join('\n');
  };
  return async () => {
    const stamp = stampOf();
    if (stamp !== null && stamp === last) return stamp;
    const texts = await Promise.all(roots.map(readSshConfigText));
    sources = texts.flatMap((text) => text.sources);
    last = stampOf();
    return last;
  };
}
