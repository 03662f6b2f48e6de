/** `signalbox server add`: builds a record from options, checks it like one read from a file, and writes it. */

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, relative, resolve } from 'node:path';
import { escapeExact, escapeProse } from '../../../base/display/escape.ts';
import { OperationError } from '../../../core/codes.ts';
import type { Auth, SecretSource } from '../../../core/server.ts';
import { addServerRecord, hasServerRecord } from '../../../runtime/registry/edit-servers.ts';
import { toAbsolutePath } from '../../../runtime/registry/key-path.ts';
import { parseRecord } from '../../../runtime/registry/parse-servers.ts';
import { type CliIo, printJson, printLine, printNote } from '../../output.ts';
import { reloadServers } from '../../reload-servers.ts';
import { toArgv } from '../../to-argv.ts';
import { type Desk, defaultScope, openDesk, type Place, placeOf } from './desk.ts';
import { guardWorkspaceFile } from './guard-workspace-file.ts';
import { readHandedSecret } from './keep-secret.ts';

export interface AddOptions {
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly ssh?: string;
  readonly agent?: true;
  readonly key?: string;
  readonly certificate?: string;
  readonly passphraseEnv?: string;
  readonly passphraseCommand?: string;
  readonly passwordEnv?: string;
  readonly passwordCommand?: string;
  readonly secretStdin?: true;
  /** Where that is kept: `vault` or `plain`. */
  readonly secretIn?: string;
  readonly sudoEnv?: string;
  readonly sudoCommand?: string;
  readonly sudoVault?: string;
  readonly transport?: string;
  readonly environment?: string;
  readonly label?: readonly string[];
  readonly group?: readonly string[];
  readonly jump?: string;
  readonly root?: readonly string[];
  readonly sensitive?: readonly string[];
  readonly readonly?: true;
  readonly scope?: string;
  readonly json?: true;
}

export async function addServer(io: CliIo, id: string, options: AddOptions): Promise<void> {
  const desk = openDesk(io);
  const place = placeOf(desk, io, defaultScope(desk, options.scope));
  const handed = await readHandedSecret(io, options, place, id);
  const record = toRecord(id, options, io, place, handed?.source ?? null);
  const parsed = parseRecord(record, place.rule);
  if ('message' in parsed)
    throw new OperationError('INVALID_ARGUMENT', `The record would not be valid: ${parsed.message}.`);
  // That of a record which is there is not replaced by one that cannot be added.
  if (handed && !(await hasServerRecord(place.file, id))) await handed.keep();
  const { trusted } = await addServerRecord(place, record);
  await reloadServers(io);
  if (options.json) printJson(io, record);
  else printLine(io, `Added ${id} to ${escapeExact(place.file)}. Next: \`signalbox server test ${id}\`.`);
  if (place.workspace !== null) await guardWorkspaceFile(io, place.workspace, place.file);
  await noteWhatIsOdd(io, desk, place, id, record, trusted);
}

type NewRecord = Readonly<Record<string, unknown>> & { readonly id: string };

function toRecord(id: string, options: AddOptions, io: CliIo, place: Place, typed: SecretSource | null): NewRecord {
  const list = (name: string, words: readonly string[] | undefined) => (words?.length ? { [name]: words } : {});
  const limits = {
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...list('labels', options.label),
    ...list('groups', options.group),
    ...list('roots', options.root),
    ...list('sensitive', options.sensitive),
    ...(options.readonly ? { readonly: true } : {}),
    ...toSudo(options),
    ...(options.transport === undefined ? {} : { transport: options.transport }),
  };
  const auth = toAuth(options, io, place, typed);
  if (options.ssh !== undefined) {
    const taken = (['host', 'port', 'user', 'jump'] as const).find((name) => options[name] !== undefined);
    if (taken)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `--ssh takes its ${taken} from ~/.ssh/config; leave --${taken} out.`,
      );
    return { id, ssh: options.ssh, ...(auth ? { auth } : {}), ...limits };
  }
  if (options.host === undefined) {
    throw new OperationError(
      'INVALID_ARGUMENT',
      'Say where the server is: --host ADDRESS, or --ssh ALIAS of ~/.ssh/config.',
    );
  }
  if (!auth && !io.env.SSH_AUTH_SOCK) {
    throw new OperationError('INVALID_ARGUMENT', noLogin);
  }
  return {
    id,
    host: options.host,
    ...(options.port === undefined ? {} : { port: options.port }),
    username: options.user ?? userInfo().username,
    auth: auth ?? { kind: 'agent' },
    ...(options.jump === undefined ? {} : { jump: options.jump }),
    ...limits,
  };
}

export const noLogin =
  'Say how to log in: --key FILE, --agent, --password-env NAME, --password-command COMMAND or --secret-stdin (no ssh-agent runs here).';

/** Null when no way to log in was said. `typed`: where the one that was handed over is. Throws INVALID_ARGUMENT for more than one. */
export function toAuth(options: AddOptions, io: CliIo, place: Place, typed: SecretSource | null): Auth | null {
  const isOfKey = options.key !== undefined;
  const password = toSecret(options.passwordEnv, options.passwordCommand, isOfKey ? null : typed, '--password');
  const passphrase = toSecret(options.passphraseEnv, options.passphraseCommand, isOfKey ? typed : null, '--passphrase');
  const ways = [options.agent, options.key, password].filter((way) => way !== undefined && way !== null);
  if (ways.length > 1) {
    throw new OperationError('INVALID_ARGUMENT', 'Give one way to log in: --agent, --key, or a --password option.');
  }
  if (passphrase && options.key === undefined) {
    throw new OperationError('INVALID_ARGUMENT', 'A passphrase belongs to a key; add --key FILE.');
  }
  if (options.certificate !== undefined && options.key === undefined) {
    throw new OperationError('INVALID_ARGUMENT', 'A certificate belongs to a key; add --key FILE.');
  }
  if (password) return { kind: 'password', secret: password };
  if (options.agent) return { kind: 'agent' };
  if (options.key === undefined) return null;
  const key = { privateKeyPath: toKeyPath(options.key, io, place), ...(passphrase ? { passphrase } : {}) };
  if (options.certificate === undefined) return { kind: 'privateKey', ...key };
  return { kind: 'certificate', certificatePath: toKeyPath(options.certificate, io, place), ...key };
}

/** Where sudo's password comes from; empty when nothing was said. */
export function toSudo({ sudoEnv, sudoCommand, sudoVault }: AddOptions): {
  readonly sudo?: { readonly secret: SecretSource };
} {
  const other = toSecret(sudoEnv, sudoCommand, null, '--sudo');
  if (other !== null && sudoVault !== undefined)
    throw new OperationError('INVALID_ARGUMENT', 'Give --sudo-env, --sudo-command or --sudo-vault, not two of them.');
  const secret = sudoVault === undefined ? other : { vault: sudoVault };
  return secret === null ? {} : { sudo: { secret } };
}

function toSecret(
  env: string | undefined,
  command: string | undefined,
  typed: SecretSource | null,
  name: string,
): SecretSource | null {
  if (env !== undefined && command !== undefined) {
    throw new OperationError('INVALID_ARGUMENT', `Give ${name}-env or ${name}-command, not both.`);
  }
  if (typed !== null && (env ?? command) !== undefined)
    throw new OperationError(
      'INVALID_ARGUMENT',
      `Give ${name}-env, ${name}-command or --secret-stdin, not two of them.`,
    );
  if (typed !== null) return typed;
  if (env !== undefined) return { env };
  return command === undefined ? null : { command: [...toArgv(command, `${name}-command`)] };
}

/** Relative to the folder where it was typed; inside a workspace kept relative to its root, so that the tree can move. */
function toKeyPath(key: string, io: CliIo, place: Place): string {
  if (key.startsWith('~')) return key;
  const absolute = isAbsolute(key) ? key : resolve(io.cwd, key);
  if (place.workspace === null) return absolute;
  const inside = relative(place.workspace, absolute);
  return inside.startsWith('..') || isAbsolute(inside) ? absolute : inside;
}

async function noteWhatIsOdd(
  io: CliIo,
  desk: Desk,
  place: Place,
  id: string,
  record: NewRecord,
  trusted: boolean,
): Promise<void> {
  if (!trusted)
    printNote(
      io,
      `note: ${escapeExact(place.file)} is not trusted, so ${id} cannot be used yet; review it with \`signalbox server trust\`.`,
    );
  if (record.environment === undefined)
    printNote(io, `note: nothing says which environment ${id} is, so production rules apply to it.`);
  if (place.scope === 'workspace' && (await hasServerRecord(desk.paths.serversFile, id))) {
    printNote(io, `note: in this workspace it hides the global record of the same id.`);
  }
  const { auth } = record as { readonly auth?: Auth };
  const files =
    auth?.kind === 'certificate'
      ? ([['certificate', auth.certificatePath] as const, ['key', auth.privateKeyPath] as const] as const)
      : auth?.kind === 'privateKey'
        ? [['key', auth.privateKeyPath] as const]
        : [];
  for (const [what, path] of files) {
    const absolute = toAbsolutePath(path, place.rule);
    if (absolute !== null && !existsSync(absolute))
      printNote(io, `note: the ${what} ${escapeExact(absolute)} is not there yet.`);
  }
  const { broken } = await desk.registry.list(place.workspace ?? desk.workspace);
  const problem = trusted ? broken.find((one) => one.id === id)?.problem : undefined;
  if (problem !== undefined) printNote(io, `note: it cannot be used yet: ${escapeProse(problem)}`);
}
