/** `signalbox server trust`: shows what a workspace file would do, and records trust in exactly the bytes that were shown. */
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import type { ServerRecord } from '../../../core/server.ts';
import { readConfigFile } from '../../../runtime/config-file.ts';
import { parseServers, type ServerEntry, secretsOf } from '../../../runtime/registry/parse-servers.ts';
import { askYes, canAsk } from '../../ask.ts';
import { type CliIo, printJson, printLine } from '../../output.ts';
import { describeSecret, openDesk, placeOf, withoutSecrets } from './desk.ts';

export interface TrustOptions {
  readonly yes?: true;
  /** Trusted only as far as its bytes have this hash; then nothing is asked. */
  readonly sha256?: string;
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
  const globalPlace = placeOf(desk, io, 'global');
  const globalFile = await readConfigFile(globalPlace.file);
  const globals = globalFile === null ? { good: new Map() } : parseServers(globalFile, globalPlace.rule);
  const { good, broken } = parseServers(file, place.rule);
  if (options.sha256 !== undefined && options.sha256 !== file.sha256)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `${file.path} changed since it was shown (its sha256 is now ${file.sha256}); nothing was trusted. Look at it again.`,
    );
  const already = await desk.trust.isTrusted(file.path, file.sha256);
  const isAgreed = options.yes === true || options.sha256 !== undefined;
  const described = [...good.values()].map((entry) => describe(entry, globals.good.get(entry.record.id) ?? null));
  for (const [id, problem] of broken) described.push([`${id}  unusable: ${problem}`]);
  if (options.json) {
    const servers = [...good.values()].map((entry) => withoutSecrets(entry.record));
    const trusted = already || isAgreed;
    printJson(io, {
      ...{ file: file.path, sha256: file.sha256, servers, broken: Object.fromEntries(broken), described, trusted },
    });
    // Without a yes it only shows.
    if (already || !isAgreed) return;
  } else if (options.sha256 === undefined) {
    printLine(io, `${escapeExact(file.path)}\nsha256 ${file.sha256}\n`);
    for (const line of described.flat()) printLine(io, escapeProse(line));
    if (!already && (await desk.trust.wasTrusted(file.path)))
      printLine(io, '\nIt was trusted before, and was changed since.');
  }
  if (already) {
    if (!options.json) printLine(io, 'It is trusted as it is.');
    return;
  }
  if (!isAgreed && !(canAsk(io) && (await askYes(io, 'Trust this file as it is now?')))) {
    throw new OperationError(
      canAsk(io) ? 'CANCELLED' : 'INVALID_ARGUMENT',
      canAsk(io) ? 'Nothing was trusted.' : 'Without a terminal nothing is asked; read the above, then say --yes.',
    );
  }
  await desk.trust.add(file.path, file.sha256);
  if (!options.json) printLine(io, 'Trusted. Any change to the file ends that.');
}

/** Where it leads, and everything on this machine it would use: key files, environment variables, commands. The first line is its head. */
function describe(entry: ServerEntry, hidden: ServerEntry | null): readonly string[] {
  const { record } = entry;
  const { auth } = record;
  const lines = [toHead(record)];
  if (hidden !== null) lines.push(`  hides your global record of the same id: ${toHead(hidden.record)}`);
  if ('jump' in record && record.jump !== undefined) lines.push(`  through     ${record.jump}`);
  if (auth?.kind === 'certificate') lines.push(`  certificate ${auth.certificatePath}`);
  if (auth?.kind === 'privateKey' || auth?.kind === 'certificate') lines.push(`  uses key    ${auth.privateKeyPath}`);
  if (auth?.kind === 'agent') lines.push(`  uses agent  ${auth.socket ?? 'your ssh-agent'}`);
  for (const { what, source } of secretsOf(record)) lines.push(`  ${what.padEnd(11)} ${describeSecret(source)}`);
  return lines;
}

function toHead(record: ServerRecord): string {
  const where =
    'ssh' in record ? `alias ${record.ssh} of ~/.ssh/config` : `${record.username}@${record.host}:${record.port}`;
  return `${record.id}  ${where}  ${record.environment ?? 'production (assumed)'}${record.readonly ? ', read-only' : ''}`;
}
