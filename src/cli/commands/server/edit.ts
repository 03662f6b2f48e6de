/** `signalbox server edit`: changes fields of one record and keeps the rest, secrets among it, as it stands in its file. */
import { userInfo } from 'node:os';
import { escapeExact } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import { changeServerRecord, readServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { parseRecord } from '../../../runtime/registry/parse-servers.ts';
import { type CliIo, printLine, printNote } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { type AddOptions, noLogin, toAuth, toSudo } from './add.ts';
import { clearableFields } from './clearable-fields.ts';
import { defaultScope, openDesk, placeOf } from './desk.ts';
import { guardWorkspaceFile } from './guard-workspace-file.ts';
import { readHandedSecret } from './keep-secret.ts';
import { findScope } from './remove.ts';

export interface EditOptions extends Omit<AddOptions, 'json'> {
  readonly clear?: readonly string[];
}

type RawRecord = Readonly<Record<string, unknown>>;

/** Throws INVALID_ARGUMENT when the record would not be valid; then the file stays as it was. */
export async function editServer(io: CliIo, id: string, options: EditOptions): Promise<void> {
  const desk = openDesk(io);
  const scope =
    options.scope === undefined ? await findScope(io, desk, id, 'Change it in') : defaultScope(desk, options.scope);
  const place = placeOf(desk, io, scope);
  checkOptions(options);
  const handed = await readHandedSecret(io, options, place, id);
  const auth = toAuth(options, io, place, handed?.source ?? null);
  const change = (before: RawRecord): RawRecord => {
    const record = toChangedRecord(before, options, auth, io.env);
    const parsed = parseRecord(record, place.rule);
    if ('message' in parsed)
      throw new OperationError('INVALID_ARGUMENT', `The record would not be valid: ${parsed.message}.`);
    return record;
  };
  // What is kept for a record that could not be written would be in nobody's way, and nobody's.
  if (handed) {
    change(await readServerRecord(place.file, id));
    await handed.keep();
  }
  const { trusted } = await changeServerRecord(place, id, change);
  await reloadServers(io);
  printLine(io, `Changed ${id} in ${escapeExact(place.file)}.`);
  if (place.workspace !== null) await guardWorkspaceFile(io, place.workspace, place.file);
  if (!trusted)
    printNote(
      io,
      `note: ${escapeExact(place.file)} is not trusted, so ${id} cannot be used yet; review it with \`signalbox server trust\`.`,
    );
}

function checkOptions(options: EditOptions): void {
  const { clear = [], scope: _scope, ...fields } = options;
  const unknown = clear.find((name) => !(clearableFields as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new OperationError('INVALID_ARGUMENT', `--clear takes ${clearableFields.join(', ')}, not "${unknown}".`);
  if (clear.length === 0 && Object.values(fields).every((value) => value === undefined))
    throw new OperationError('INVALID_ARGUMENT', 'Say what to change, for example --host ADDRESS or --clear labels.');
  const address = (['host', 'port', 'user', 'jump'] as const).find((name) => options[name] !== undefined);
  if (options.ssh !== undefined && address !== undefined)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `--ssh takes its ${address} from ~/.ssh/config; leave --${address} out.`,
    );
}

/** Fields as they were written keep their spelling; an alias becomes an address and the other way round when that was said. */
function toChangedRecord(
  before: RawRecord,
  options: EditOptions,
  auth: ReturnType<typeof toAuth>,
  env: NodeJS.ProcessEnv,
): RawRecord {
  const record: Record<string, unknown> = { ...before };
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) record[name] = value;
  };
  for (const name of options.clear ?? []) delete record[name];
  if (options.ssh !== undefined) for (const name of ['host', 'port', 'username', 'jump']) delete record[name];
  if (options.host !== undefined) delete record['ssh'];
  set('ssh', options.ssh);
  set('host', options.host);
  set('port', options.port);
  set('username', options.user);
  set('jump', options.jump);
  if (auth) record['auth'] = withWhatStays(auth, before['auth']);
  if (options.clear?.includes('passphrase')) record['auth'] = withoutPassphrase(record['auth']);
  if (record['host'] !== undefined && record['username'] === undefined) record['username'] = userInfo().username;
  if (record['host'] !== undefined && record['auth'] === undefined) {
    if (!env.SSH_AUTH_SOCK) throw new OperationError('INVALID_ARGUMENT', noLogin);
    record['auth'] = { kind: 'agent' };
  }
  set('environment', options.environment);
  set('labels', options.label);
  set('groups', options.group);
  set('roots', options.root);
  set('sensitive', options.sensitive);
  set('readonly', options.readonly);
  set('sudo', toSudo(options).sudo);
  set('transport', options.transport);
  return record;
}

/** A key keeps where its passphrase comes from, another one in its place, too; the same key keeps its certificate. */
function withWhatStays(auth: NonNullable<ReturnType<typeof toAuth>>, before: unknown): unknown {
  if (auth.kind !== 'privateKey') return auth;
  const { kind, certificatePath, privateKeyPath, passphrase } = Object(before);
  const kept = passphrase === undefined || auth.passphrase !== undefined ? auth : { ...auth, passphrase };
  return kind === 'certificate' && privateKeyPath === auth.privateKeyPath ? { ...kept, kind, certificatePath } : kept;
}

function withoutPassphrase(auth: unknown): unknown {
  if (auth === undefined) return auth;
  const { passphrase: _passphrase, ...rest } = Object(auth);
  return rest;
}
