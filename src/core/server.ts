/** The record of a registered server: its schema, and what the gate knows of it once resolved. Never a credential's value. */
import { z } from 'zod';

export const serverIdPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

export const serverIdSchema = z
  .string()
  .regex(
    serverIdPattern,
    'must start with a letter or digit and hold only a-z, 0-9, ".", "_" and "-" (63 characters at most)',
  );

/** What a secret is called in the vault. */
export const vaultNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must start with a letter or digit and hold only letters, digits, ".", "_" and "-" (100 characters at most)',
  );

/** Where a secret comes from: plain (unsafe, warned about), an environment variable, the first line a local command prints, or the vault. */
export const secretSourceSchema = z.union([
  z.string().min(1),
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
  z.strictObject({ command: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ vault: vaultNameSchema }),
]);
export type SecretSource = z.infer<typeof secretSourceSchema>;

export const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), socket: z.string().optional() }),
  z.strictObject({
    kind: z.literal('privateKey'),
    privateKeyPath: z.string().min(1),
    passphrase: secretSourceSchema.optional(),
  }),
  /** An OpenSSH user certificate, and the key that it was signed for. */
  z.strictObject({
    kind: z.literal('certificate'),
    certificatePath: z.string().min(1),
    privateKeyPath: z.string().min(1),
    passphrase: secretSourceSchema.optional(),
  }),
  /** Without a secret a person is asked each time. */
  z.strictObject({ kind: z.literal('password'), secret: secretSourceSchema.optional() }),
]);
export type Auth = z.infer<typeof authSchema>;

export const environments = ['production', 'staging', 'development'] as const;
export type Environment = (typeof environments)[number];

/** Which SSH makes the connections: the one of this program, the system's ssh, or (`auto`) the latter where the former cannot. */
export const transports = ['auto', 'built-in', 'system'] as const;
export type Transport = (typeof transports)[number];

const absolutePath = z.string().startsWith('/', 'must be an absolute path on the server');

const sharedFields = {
  id: serverIdSchema,
  /** Absent counts as production: the careful reading of silence. */
  environment: z.enum(environments).optional(),
  labels: z.array(z.string().min(1)).default([]),
  groups: z.array(z.string().min(1)).default([]),
  /** File tools and cwd stay below these folders; empty means everywhere. */
  roots: z.array(absolutePath).default([]),
  /** Nothing that is not a read can run at all. */
  readonly: z.boolean().default(false),
  /** More paths that count as sensitive on this server. */
  sensitive: z.array(absolutePath).default([]),
  /** Redact secrets in what agents see; default: on production. */
  redactOutput: z.boolean().optional(),
  /** What sudo is given when it asks for the account's password; absent: nothing, and a sudo that asks fails. */
  sudo: z.strictObject({ secret: secretSourceSchema }).optional(),
  transport: z.enum(transports).optional(),
};

export const explicitServerSchema = z.strictObject({
  ...sharedFields,
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(22),
  username: z.string().min(1),
  auth: authSchema,
  /** Id of the registered server to jump through. */
  jump: serverIdSchema.optional(),
});

export const aliasServerSchema = z.strictObject({
  ...sharedFields,
  /** A host alias of ~/.ssh/config, resolved at every connect. */
  ssh: z.string().min(1),
  auth: authSchema.optional(),
});

export type ExplicitServer = z.infer<typeof explicitServerSchema>;
export type AliasServer = z.infer<typeof aliasServerSchema>;
export type ServerRecord = ExplicitServer | AliasServer;

export type Scope = 'global' | 'workspace';

/** A server as the gate sees it: who is reached, and the limits its owner set. Immutable; a changed record is a new Target. */
export interface Target {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** `user@host:port`: what an approval binds to and the log quotes. */
  readonly address: string;
  /** The jump hosts on the way, each with its address, the nearest to us first; absent when it is reached directly. */
  readonly through?: readonly string[];
  /** The command of this machine that is the line to it, as a shell is given it; absent when there is none. Never shown to an agent. */
  readonly proxyCommand?: string;
  readonly environment: Environment;
  /** The record names no environment, so production rules apply. */
  readonly environmentAssumed: boolean;
  readonly labels: readonly string[];
  readonly groups: readonly string[];
  readonly roots: readonly string[];
  readonly readonly: boolean;
  readonly sensitive: readonly string[];
  readonly redactOutput: boolean;
  /** Its record has a password for sudo; absent: none. */
  readonly sudo?: 'password';
  /** Names and addresses of the registered servers in the caller's scope, lower case; absent counts as none. Set where a request is accepted. */
  readonly reachable?: readonly string[];
  readonly scope: Scope;
  /** A workspace record that hides a global one of the same id. */
  readonly shadowsGlobal: boolean;
  /** sha256 of the resolved record: an approval given to another version of it is void. */
  readonly recordHash: string;
}
