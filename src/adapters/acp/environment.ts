/** The environment an agent gets: a short list of harmless names, its own keys, its own HOME. Everything else stays with the operator. */

import { isSecretName } from '../../core/audit/secret-names.ts';

/** What programs need to print, to sort and to reach the network, and nothing that opens anything. */
const allowed = [
  'PATH',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_CTYPE',
  'LC_MESSAGES',
  'TERM',
  'COLORTERM',
  'TZ',
  'USER',
  'LOGNAME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

export interface CleanEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Values that must never be logged. */
  readonly secrets: readonly string[];
}

export function toCleanEnvironment(
  operator: NodeJS.ProcessEnv,
  agent: {
    readonly passEnv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly home: string;
    /** The folder of the program and of our Node, so that scripts find their interpreter. */
    readonly binFolders: readonly string[];
  },
): CleanEnvironment {
  const env: Record<string, string> = {};
  for (const name of [...allowed, ...agent.passEnv]) {
    const value = operator[name];
    if (value !== undefined && value !== '') env[name] = value;
  }
  const path = [...(env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':'), ...agent.binFolders];
  env.PATH = [...new Set(path.filter((folder) => folder.startsWith('/')))].join(':');
  const all = { ...env, ...agent.env, HOME: agent.home, TMPDIR: '/tmp' };
  return { env: all, secrets: Object.entries(all).flatMap((entry) => toSecrets(entry, agent.passEnv)) };
}

/** Names of settings among an agent's keys: their values are words like "openai", which must stay readable everywhere else. */
const settingName = /_(URL|ENDPOINT|HOST|PROJECT|LOCATION|REGION|PROVIDER|PROVIDER_TYPE|WIRE_API|MODEL|OFFLINE)$/;

/** The agent's keys, other values by their name, and the password of an address (a proxy, a base URL). */
function toSecrets([name, value]: readonly [string, string], keys: readonly string[]): readonly string[] {
  if ((keys.includes(name) && !settingName.test(name)) || isSecretName(name)) return [value];
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
