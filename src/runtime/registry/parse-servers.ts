/** Parses one `servers.json`: every good record, and for every bad one the sentence that says what to mend. Opens no file. */
import { type JsonText, JsonTextError, readJson } from '../../base/json-text.ts';
import { OperationError } from '../../core/codes.ts';
import { toConfigProblem } from '../../core/config-problem.ts';
import { limits } from '../../core/limits.ts';
import { toPlainServer } from '../../core/plain-server.ts';
import {
  type Auth,
  aliasServerSchema,
  explicitServerSchema,
  type SecretSource,
  type ServerRecord,
  serverIdPattern,
} from '../../core/server.ts';
import type { ConfigFile } from '../config-file.ts';
import { type PathRule, toAbsolutePath } from './key-path.ts';

/** A record of one file, its key paths made absolute. */
export interface ServerEntry {
  readonly record: ServerRecord;
  readonly file: string;
  /** Looked for when somebody asks: of most records nothing is said. */
  readonly line: () => number;
}

export interface ServerEntries {
  readonly good: ReadonlyMap<string, ServerEntry>;
  /** Id (or "record 3" when it has none) → what is wrong. */
  readonly broken: ReadonlyMap<string, string>;
}

/** Throws CONFIG_INVALID when the file as a whole is no JSON array; a bad record only breaks itself. */
export function parseServers(file: Pick<ConfigFile, 'path' | 'text'>, rule: PathRule): ServerEntries {
  const json = readRecords(file);
  const records = json.value as readonly unknown[];
  const good = new Map<string, ServerEntry>();
  const broken = new Map<string, string>();
  for (const [index, value] of records.entries()) {
    const id = idOf(value) ?? `record ${index + 1}`;
    const place = (path: readonly (string | number)[]): string =>
      `${file.path}, line ${json.lineOf([index, ...path])}, record ${index + 1}${idOf(value) === null ? '' : ` (${id})`}`;
    const twin = good.get(id);
    if (twin || broken.has(id)) {
      const first = twin ? ` (first on line ${twin.line()})` : '';
      good.delete(id);
      broken.set(id, `${place(['id'])}: the id "${id}" is used twice in this file${first}; rename or remove one.`);
      continue;
    }
    const result = parseRecord(value, rule);
    if ('record' in result) good.set(id, { record: result.record, file: file.path, line: () => json.lineOf([index]) });
    else broken.set(id, `${place(result.path)}: ${result.message}.`);
  }
  return { good, broken };
}

type RecordResult = { readonly record: ServerRecord } | Problem;
interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** One record: the schema first, then the path rule of its scope. */
export function parseRecord(value: unknown, rule: PathRule): RecordResult {
  const isAlias = typeof value === 'object' && value !== null && 'ssh' in value;
  if (isAlias && 'host' in value) {
    return { path: ['ssh'], message: 'it has both "ssh" and "host"; keep the alias or the address, not both' };
  }
  const plain = isAlias ? null : toPlainServer(value);
  if (plain !== null) return withAuth(plain, rule);
  const schema = isAlias ? aliasServerSchema : explicitServerSchema;
  const parsed = schema.safeParse(value);
  if (!parsed.success) return toConfigProblem(parsed.error, schema, value);
  return withAuth(parsed.data, rule);
}

function withAuth(record: ServerRecord, rule: PathRule): RecordResult {
  if (!record.auth) return { record };
  const auth = withAbsolutePaths(record.auth, rule);
  return 'message' in auth ? auth : { record: { ...record, auth } };
}

/** The secrets a record names, each with the words for it. */
export function secretsOf(record: ServerRecord): readonly { readonly what: string; readonly source: SecretSource }[] {
  const { auth, sudo } = record;
  const ofSudo = sudo === undefined ? [] : [{ what: 'sudo password', source: sudo.secret }];
  if (auth?.kind === 'password' && auth.secret !== undefined)
    return [{ what: 'password', source: auth.secret }, ...ofSudo];
  if ((auth?.kind === 'privateKey' || auth?.kind === 'certificate') && auth.passphrase)
    return [{ what: 'passphrase', source: auth.passphrase }, ...ofSudo];
  return ofSudo;
}

function withAbsolutePaths(auth: Auth, rule: PathRule): Auth | Problem {
  switch (auth.kind) {
    case 'password':
      return auth;
    case 'agent': {
      if (auth.socket === undefined) return auth;
      const socket = toAbsolutePath(auth.socket, rule);
      return socket === null ? refusePath('socket', auth.socket) : { ...auth, socket };
    }
    case 'privateKey': {
      const privateKeyPath = toAbsolutePath(auth.privateKeyPath, rule);
      return privateKeyPath === null ? refusePath('privateKeyPath', auth.privateKeyPath) : { ...auth, privateKeyPath };
    }
    case 'certificate': {
      const certificatePath = toAbsolutePath(auth.certificatePath, rule);
      const privateKeyPath = toAbsolutePath(auth.privateKeyPath, rule);
      if (certificatePath === null) return refusePath('certificatePath', auth.certificatePath);
      if (privateKeyPath === null) return refusePath('privateKeyPath', auth.privateKeyPath);
      return { ...auth, certificatePath, privateKeyPath };
    }
  }
}

function refusePath(key: string, path: string): Problem {
  return {
    path: ['auth', key],
    message: `"auth.${key}" is "${path}", but it must be absolute or start with "~/" here; only a workspace file may use relative paths`,
  };
}

function readRecords(file: Pick<ConfigFile, 'path' | 'text'>): JsonText {
  let json: JsonText;
  try {
    json = readJson(file.text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new OperationError('CONFIG_INVALID', `${file.path}, line ${error.line}: not valid JSON, ${error.message}.`, {
      cause: error,
    });
  }
  if (!Array.isArray(json.value)) {
    throw new OperationError('CONFIG_INVALID', `${file.path}: must be a JSON array of server records: [ ... ].`);
  }
  if (json.value.length > limits.serversMax) {
    throw new OperationError('CONFIG_INVALID', `${file.path}: more than ${limits.serversMax} records; split it.`);
  }
  return json;
}

function idOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  return typeof value.id === 'string' && serverIdPattern.test(value.id) ? value.id : null;
}
