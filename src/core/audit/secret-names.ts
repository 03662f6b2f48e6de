/** Decides by a name alone whether the value beside it is a secret: `DB_PASSWORD`, `apiKey`, `x-auth-token`. Knows no syntax around the name. */

const nameCharactersMax = 128;

/** One of these words anywhere in a name makes its value a secret. */
const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'pass',
  'pwd',
  'passwort',
  'userpass',
  'dbpass',
  'mypass',
  'secret',
  'secrets',
  'secretkey',
  'apikey',
  'apisecret',
  'appsecret',
  'accesskey',
  'privatekey',
  'authkey',
  'clientsecret',
  'token',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'apitoken',
  'bearer',
  'authorization',
  'credential',
  'credentials',
  'creds',
  'cookie',
  'psk',
  'pgpassword',
  'requirepass',
  'masterauth',
  'rootpw',
  'bindpw',
  'ldappw',
  'userpw',
  'storepass',
  'keypass',
  'sessionid',
  'phpsessid',
  'jsessionid',
]);

/** `key` is too common to mean anything by itself; after one of these words it names a secret. */
const wordsBeforeKey = new Set([
  'api',
  'access',
  'client',
  'private',
  'secret',
  'signing',
  'encryption',
  'master',
  'account',
  'shared',
  'session',
  'deploy',
  'service',
  'auth',
  'app',
  'application',
  'storage',
  'license',
  'preshared',
  'webhook',
  'subscription',
  'functions',
]);

/** A name that ends so tells something about a secret (where it is, how long it lives), not the secret. */
const harmlessEndings = new Set([
  'file',
  'files',
  'path',
  'dir',
  'directory',
  'folder',
  'name',
  'names',
  'id',
  'ids',
  'url',
  'uri',
  'endpoint',
  'length',
  'len',
  'size',
  'count',
  'min',
  'max',
  'limit',
  'policy',
  'type',
  'expires',
  'expiry',
  'expire',
  'expiration',
  'ttl',
  'timeout',
  'stdin',
  'prompt',
  'hint',
  'field',
  'label',
  'required',
  'enabled',
  'disabled',
  'age',
  'days',
  'at',
  'format',
  'header',
  'ref',
  'arn',
  'version',
  'algorithm',
  'env',
  'var',
  'source',
  'method',
  'provider',
  'manager',
  'store',
  'generator',
  'validator',
  'authentication',
  'encryption',
  'change',
  'changed',
  'reset',
  'rotation',
  'attempts',
  'domain',
  'samesite',
  'secure',
  'httponly',
  'mode',
  'fingerprint',
  'scopes',
  'scope',
]);

/** The working directory of a shell, not a password. */
const notSecrets = new Set(['PWD', 'OLDPWD', 'pass_env', 'SSH_AUTH_SOCK', 'token_bucket']);

const hint = /pass|pwd|pw$|secret|token|key|auth|cred|cookie|bearer|psk|sess|signature/i;
const answers = new Map<string, boolean>();
const answersMax = 4_096;

/** True when the value of a key, flag, header or variable of this name is a secret. Linear in the name; long names are not. */
export function isSecretName(name: string): boolean {
  if (name.length > nameCharactersMax || !hint.test(name)) return false;
  const known = answers.get(name);
  if (known !== undefined) return known;
  const answer = judge(name);
  if (answers.size >= answersMax) answers.clear();
  answers.set(name, answer);
  return answer;
}

/** `auth` and `_auth` hold a secret in some files (`.npmrc`, Docker's config) and a method's name in others: the value decides. */
export function isAuthName(name: string): boolean {
  return /^[_.-]*auth$/i.test(name.slice(-16));
}

/** Splits `dbPassword`, `DB_PASSWORD`, `db-password` into lower-case words. */
function toWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function judge(name: string): boolean {
  if (notSecrets.has(name)) return false;
  // A signed URL is a bearer secret; "signature" alone is a word of every programming text.
  if (/^x-(?:amz|goog)-signature$/i.test(name)) return true;
  const words = toWords(name);
  const last = words.at(-1);
  if (last === undefined || harmlessEndings.has(last)) return false;
  return words.some((word, index) => {
    const bare = word.replace(/[0-9]+$/, '');
    if (secretWords.has(bare)) return true;
    return (bare === 'key' || bare === 'keys') && index > 0 && wordsBeforeKey.has(words[index - 1] ?? '');
  });
}
