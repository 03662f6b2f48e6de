/** `signalbox server trust`: shows what a workspace file would do, and records trust in exactly the bytes that were shown. */
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { readConfigFile } from '../../../runtime/config-file.ts';
import { hasServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { parseServers, type ServerEntry, secretsOf } from '../../../runtime/registry/parse-servers.ts';
import { askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';
import { describeSecret, openDesk, placeOf, withoutSecrets } from './desk.ts';

export interface TrustOptions {
  readonly yes?: true;
  readonly json?: true;
}

export async function trustWorkspace(io: CliIo, options: TrustOptions): Promise<void> {
  const desk = openDesk(io);
  if (desk.workspace === null) {
    throw new OperationError(
      'CONFIG_INVALID',
      'No folder above this one has a .signalbox folder; go into a workspace first.',
    );
  }
  const place = placeOf(desk, io, 'workspace');
  const file = await readConfigFile(place.file);
  if (!file) throw new OperationError('CONFIG_INVALID', `${place.file} does not exist; there is nothing to trust.`);
  const { good, broken } = parseServers(file, place.rule);
  const already = await desk.trust.isTrusted(file.path, file.sha256);
  if (options.json) {
    const servers = [...good.values()].map((entry) => withoutSecrets(entry.record));
    printJson(io, {
      file: file.path,
      sha256: file.sha256,
      servers,
      broken: Object.fromEntries(broken),
      trusted: already || options.yes === true,
    });
  } else {
    printLine(io, `${escapeExact(file.path)}\nsha256 ${file.sha256}\n`);
    for (const [id, entry] of good) await showEntry(io, entry, await hasServerRecord(desk.paths.serversFile, id));
    for (const [id, problem] of broken) printLine(io, `${id}  unusable: ${escapeProse(problem)}`);
  }
  if (already) {
    if (!options.json) printLine(io, 'It is trusted as it is.');
    return;
  }
  if (!options.yes && !(canAsk(io) && (await askYes(io, 'Trust this file as it is now?')))) {
    throw new OperationError(
      canAsk(io) ? 'CANCELLED' : 'INVALID_ARGUMENT',
      canAsk(io) ? 'Nothing was trusted.' : 'Without a terminal nothing is asked; read the above, then say --yes.',
    );
  }
  await desk.trust.add(file.path, file.sha256);
  if (!options.json) printLine(io, 'Trusted. Any change to the file ends that.');
}

/** Where it leads, and everything on this machine it would use: key files, environment variables, commands. */
async function showEntry(io: CliIo, entry: ServerEntry, hidesGlobal: boolean): Promise<void> {
  const { record } = entry;
  const where =
    'ssh' in record ? `alias ${record.ssh} of ~/.ssh/config` : `${record.username}@${record.host}:${record.port}`;
  printLine(io, `${record.id}  ${escapeExact(where)}  ${record.environment ?? 'production (assumed)'}`);
  if (hidesGlobal) printLine(io, `  hides your global record of the same id`);
  if ('jump' in record && record.jump !== undefined) printLine(io, `  through     ${escapeExact(record.jump)}`);
  if (record.auth?.kind === 'certificate') printLine(io, `  certificate ${escapeExact(record.auth.certificatePath)}`);
  if (record.auth?.kind === 'privateKey' || record.auth?.kind === 'certificate')
    printLine(io, `  uses key    ${escapeExact(record.auth.privateKeyPath)}`);
  if (record.auth?.kind === 'agent')
    printLine(io, `  uses agent  ${escapeExact(record.auth.socket ?? 'your ssh-agent')}`);
  for (const { what, source } of secretsOf(record)) {
    printLine(io, `  ${what.padEnd(11)} ${escapeExact(describeSecret(source))}`);
  }
}
