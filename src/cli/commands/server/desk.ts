/** What the server commands share: the files of both scopes, the registry over them, and how records are shown. Decides nothing. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { OperationError } from '../../../core/codes.ts';
import type { Paths } from '../../../core/paths.ts';
import type { ConnectionSource, Registry } from '../../../core/ports.ts';
import type { Scope, SecretSource, ServerRecord } from '../../../core/server.ts';
import { toPaths } from '../../../runtime/paths.ts';
import { createRegistry } from '../../../runtime/registry/create-registry.ts';
import { findWorkspace, workspaceServersFile } from '../../../runtime/registry/find-workspace.ts';
import type { PathRule } from '../../../runtime/registry/key-path.ts';
import { createTrust, type Trust } from '../../../runtime/trust.ts';
import type { CliIo } from '../../output.ts';

export interface Desk {
  readonly paths: Paths;
  readonly workspace: string | null;
  readonly registry: Registry & ConnectionSource;
  readonly trust: Trust;
  readonly home: string;
}

export function openDesk(io: CliIo): Desk {
  const paths = toPaths(io.env);
  return {
    paths,
    workspace: findWorkspace(io.cwd),
    registry: createRegistry({ paths, env: io.env }),
    trust: createTrust(paths.trustFile),
    home: io.env.HOME || homedir(),
  };
}

/** One of the two files, with what an edit of it needs. */
export interface Place {
  readonly scope: Scope;
  readonly file: string;
  readonly trust: Trust | null;
  readonly rule: PathRule;
  /** Root of the workspace; null for the global file. */
  readonly workspace: string | null;
}

export function placeOf(desk: Desk, io: CliIo, scope: Scope): Place {
  const { home } = desk;
  if (scope === 'global') {
    const { serversFile: file } = desk.paths;
    return { scope, file, trust: null, rule: { scope, workspace: null, home }, workspace: null };
  }
  const workspace = desk.workspace ?? io.cwd;
  const file = workspaceServersFile(workspace);
  return { scope, file, trust: desk.trust, rule: { scope, workspace, home }, workspace };
}

/** As the operator said, else the workspace when it has a file. */
export function defaultScope(desk: Desk, asked: string | undefined): Scope {
  if (asked === 'global' || asked === 'workspace') return asked;
  if (asked !== undefined) {
    throw new OperationError('INVALID_ARGUMENT', `--scope must be "global" or "workspace", not "${asked}".`);
  }
  return desk.workspace !== null && existsSync(workspaceServersFile(desk.workspace)) ? 'workspace' : 'global';
}

/** Where a secret comes from, in words; never the value of a plain one. */
export function describeSecret(source: SecretSource): string {
  if (typeof source === 'string') return 'plain text in the file (unsafe)';
  if ('vault' in source) return `${source.vault} of the vault`;
  return 'env' in source ? `environment variable ${source.env}` : `command ${JSON.stringify(source.command)}`;
}

export function describeAuth(record: ServerRecord): string {
  const { auth } = record;
  switch (auth?.kind) {
    case undefined:
      return 'as ~/.ssh/config says';
    case 'agent':
      return `ssh-agent${auth.socket === undefined ? '' : ` at ${auth.socket}`}`;
    case 'privateKey':
      return `key ${auth.privateKeyPath}${toPassphraseWords(auth)}`;
    case 'certificate':
      return `certificate ${auth.certificatePath} of the key ${auth.privateKeyPath}${toPassphraseWords(auth)}`;
    case 'password':
      return auth.secret === undefined ? 'password, asked for' : `password from ${describeSecret(auth.secret)}`;
  }
}

function toPassphraseWords({ passphrase }: { readonly passphrase?: SecretSource | undefined }): string {
  return passphrase ? `, passphrase from ${describeSecret(passphrase)}` : '';
}

export function describeSudo({ sudo }: ServerRecord): string {
  return sudo === undefined ? 'given no password' : `password from ${describeSecret(sudo.secret)}`;
}

/** The record as it may be printed: a plain secret is replaced by null. */
export function withoutSecrets(record: ServerRecord): unknown {
  return JSON.parse(
    JSON.stringify(record, (key, value: unknown) =>
      (key === 'secret' || key === 'passphrase') && typeof value === 'string' ? null : value,
    ),
  );
}
