/**
 * Records of the usual kind, taken without their schema: of a thousand servers the schema would take most of the time of a list. It accepts nothing
 * that `explicitServerSchema` refuses, and says nothing of what it does not know: that goes to the schema.
 */
import { type Auth, type Environment, type ExplicitServer, environments, serverIdPattern } from './server.ts';

/** As the schema would give it; null: only the schema can tell. */
export function toPlainServer(value: unknown): ExplicitServer | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  for (const key of Object.keys(value)) if (!keys.has(key)) return null;
  const { id, host, username, environment, auth, port = 22, labels = [], groups = [] } = value as Untold;
  if (typeof id !== 'string' || !serverIdPattern.test(id) || !isText(host) || !isText(username)) return null;
  if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65_535) return null;
  if (environment !== undefined && !isEnvironment(environment)) return null;
  if (!isTexts(labels) || !isTexts(groups)) return null;
  const plainAuth = toPlainAuth(auth);
  if (plainAuth === null) return null;
  // Written out: what is spread takes longer than all the rest.
  const server: ExplicitServer = {
    id,
    labels,
    groups,
    roots: [],
    readonly: false,
    sensitive: [],
    host,
    port: Number(port),
    username,
    auth: plainAuth,
  };
  if (environment !== undefined) server.environment = environment;
  return server;
}

/** An agent, or a key file whose passphrase nobody has written down. */
function toPlainAuth(auth: unknown): Auth | null {
  if (typeof auth !== 'object' || auth === null) return null;
  const { kind, privateKeyPath } = auth as Untold;
  const keyCount = Object.keys(auth).length;
  if (kind === 'agent' && keyCount === 1) return { kind };
  if (kind === 'privateKey' && keyCount === 2 && isText(privateKeyPath)) return { kind, privateKeyPath };
  return null;
}

const keys = new Set(['id', 'host', 'username', 'environment', 'auth', 'port', 'labels', 'groups']);

type Untold = Readonly<Record<string, unknown>>;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isEnvironment(value: unknown): value is Environment {
  return environments.some((one) => one === value);
}
