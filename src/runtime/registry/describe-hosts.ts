/**
 * Where the hosts of an OpenSSH configuration lead, in words, to tell them apart before one is registered. Starts no program: what only
 * OpenSSH can evaluate is left unsaid, and every connection asks it anew.
 */
import { userInfo } from 'node:os';
import { hasMatch } from './ssh-config-text.ts';

/** "me@10.0.0.1:22 through bastion", by alias; empty where Match lines may decide something else. */
export async function describeHosts(text: string, aliases: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (aliases.length === 0 || hasMatch(text)) return new Map();
  const { default: SshConfig } = await import('ssh-config');
  const config = SshConfig.parse(text);
  return new Map(aliases.map((alias) => [alias, toWords(alias, config.compute(alias, { ignoreCase: true }))]));
}

function toWords(alias: string, computed: Readonly<Record<string, string | string[]>>): string {
  const settings = new Map(
    Object.entries(computed).map(([key, value]) => [key.toLowerCase(), Array.isArray(value) ? value[0] : value]),
  );
  const host = (settings.get('hostname') ?? alias).replaceAll('%h', alias);
  const shown = host.includes(':') ? `[${host}]` : host;
  const through = toWay([...settings].find(([key, value]) => isWay(key, value)));
  return `${settings.get('user') ?? userInfo().username}@${shown}:${settings.get('port') ?? 22}${through}`;
}

/** ssh_config(5): of the two, the one that is said first counts; a ProxyJump of "none" says nothing. */
function isWay(key: string, value: string | undefined): boolean {
  return key === 'proxycommand' || (key === 'proxyjump' && value?.toLowerCase() !== 'none');
}

function toWay([key, value = '']: readonly [string, string | undefined] | readonly [] = []): string {
  if (key === undefined || value.toLowerCase() === 'none') return '';
  return key === 'proxyjump' ? ` through ${value}` : ' through a command of this machine, which is asked about';
}
