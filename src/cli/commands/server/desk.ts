/** What the server commands share: the files of both scopes, the registry over them, and how records are shown. Decides nothing. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { systemClock } from '../../../base/clock.ts';
import { createRedactor } from '../../../core/audit/create-redactor.ts';
import type { Redactor } from '../../../core/audit/redactor.ts';
import { OperationError } from '../../../core/codes.ts';
import type { LocalCommands } from '../../../core/login/local-command.ts';
import { LoginDesk } from '../../../core/login/login-desk.ts';
import type { Paths } from '../../../core/paths.ts';
import type { Scope, SecretSource, ServerRecord } from '../../../core/server.ts';
import { type AllowedCommands, createAllowedCommands } from '../../../runtime/local-commands/allowed-commands.ts';
import { createLocalCommands } from '../../../runtime/local-commands/ask-leave.ts';
import { toPaths } from '../../../runtime/paths.ts';
import { createRegistry, type FileRegistry } from '../../../runtime/registry/create-registry.ts';
import { findWorkspace, workspaceServersFile } from '../../../runtime/registry/find-workspace.ts';
import type { PathRule } from '../../../runtime/registry/key-path.ts';
import { createTrust, type Trust } from '../../../runtime/trust.ts';
import { answerHere } from '../../login-answers.ts';
import type { CliIo } from '../../output.ts';

export interface Desk {
  readonly paths: Paths;
  readonly workspace: string | null;
  readonly registry: FileRegistry;
  readonly trust: Trust;
  readonly home: string;
  /** What logins, and ways to servers, need of a person: asked at the terminal, where there is one. */
  readonly logins: LoginDesk;
  readonly redactor: Redactor;
  readonly allowedCommands: AllowedCommands;
  readonly localCommands: LocalCommands;
}

export function openDesk(io: CliIo): Desk {
  const paths = toPaths(io.env);
  // Placeholders of this run need no secret in common with those of the log: nothing redacted leaves this process.
  const redactor = createRedactor({ key: randomBytes(32) });
  const logins = new LoginDesk({ clock: systemClock, redactor, newId: randomUUID });
  answerHere(io, logins);
  const allowedCommands = createAllowedCommands(paths.localCommandsFile);
  const localCommands = createLocalCommands({ allowed: allowedCommands, questions: logins, clock: systemClock });
  return {
    ...{ paths, logins, redactor, allowedCommands, localCommands },
    workspace: findWorkspace(io.cwd),
    registry: createRegistry({ paths, env: io.env, localCommands }),
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
