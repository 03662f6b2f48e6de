/** Where a server's settings come from, in words for a person: its record, and of an alias the lines of the OpenSSH configuration. */
import type { SettingsAccount } from '../../core/ports.ts';
import type { AliasAccount } from './alias-account.ts';
import type { ViewEntry } from './server-view.ts';
import type { SshAliases } from './ssh-alias.ts';
import { toTilde } from './ssh-config-text.ts';

/** Throws what looking an alias up throws. */
export async function toSettingsAccount(
  entry: ViewEntry,
  aliases: SshAliases,
  depth: 'brief' | 'whole',
): Promise<SettingsAccount> {
  const { record, file } = entry;
  const place = `${toTilde(file)} line ${entry.line()}`;
  const hides = entry.shadowsGlobal ? ', which hides the global record of the same id' : '';
  if (!('ssh' in record)) return { source: `record in ${place}${hides}`, notes: [], leftOut: [] };
  const request = { alias: record.ssh, username: null, port: null };
  const { leftOut, isConfigured } = await aliases.lookup(request, 'cached', record.id);
  const account = depth === 'whole' ? await aliases.explain(request) : null;
  const notes = [
    `record in ${place}${hides}`,
    ...(account?.settings.map((one) => `${one.words} (${toTilde(one.file)} line ${one.line})`) ?? []),
  ];
  const source = isConfigured ? toBlockWords(account) : ', which no Host line is about: taken for a host name';
  return { source: `ssh alias ${record.ssh}${source}`, notes, leftOut };
}

/** ` of ~/.ssh/config lines 3 and 12`; nothing where it cannot be known. */
function toBlockWords(account: AliasAccount | null): string {
  const byFile = new Map<string, number[]>();
  for (const { file, line } of account?.blocks ?? [])
    if (line > 0) byFile.set(file, [...(byFile.get(file) ?? []), line]);
  const places = [...byFile].map(
    ([file, lines]) =>
      `${toTilde(file)} ${lines.length === 1 ? 'line' : 'lines'} ${lines.sort((one, other) => one - other).join(', ')}`,
  );
  return places.length === 0 ? '' : ` of ${places.join(' and ')}`;
}
