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
  const jump = settings.get('proxyjump');
  const through = jump === undefined || jump.toLowerCase() === 'none' ? '' : ` through ${jump}`;
  return `${settings.get('user') ?? userInfo().username}@${shown}:${settings.get('port') ?? 22}${through}`;
}
