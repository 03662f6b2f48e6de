/** Decides by a name alone whether the value beside it is a secret: `DB_PASSWORD`, `apiKey`, `x-auth-token`. Knows no syntax around the name. */
import { harmlessEndings, secretWords, wordsBeforeKey, wordsOfPlainKeys } from './secret-words.ts';

const nameCharactersMax = 128;

/** The working directory of a shell, where a proxy passes requests to, and members of Kubernetes that name a secret: none is one. */
const notSecrets = new Set(
  (
    'PWD OLDPWD pass_env SSH_AUTH_SOCK token_bucket token_type proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass ' +
    'memcached_pass imagePullSecrets imagePullSecret pullSecret pullSecrets existingSecret existingSecretRef ' +
    'automountServiceAccountToken csrf_token_name htpasswd .htpasswd'
  ).split(' '),
);
/** Words written together: `WEBPASSWORD`, `dbpasswd`, `ldap_default_authtok`. */
const compound =
  /(?:password|passwd|passphrase|passwort|kennwort|authtok|authtoken|apikey|apitoken|secretkey|secretaccesskey|accesskey|privatekey|clientsecret|apisecret|rootpw|bindpw|adminpw|userpw|ldappw|dbpw|syncpw|presharedkey)$/;

const hint =
  /pass|pwd|pw$|secret|token|key|auth|cred|cookie|bearer|psk|sess|signature|kennwort|geheim|mdp|contrase|senha|wacht|losen|salasana|heslo|haslo|paro|sifre|jelszo|priv|totp|assertion|jwt|saml|userpin/i;
const kinds = new Map<string, NameKind | null>();
const kindsMax = 4_096;

/** What a name says about the value beside it: a secret, one if it looks like one, one in a query string only, a directory or a data source's password. */
export type NameKind = 'secret' | 'auth' | 'weak' | 'query' | 'directory';

/** True when the value of a key, flag, header or variable of this name is a secret. Linear in the name; long names are not. */
export function isSecretName(name: string): boolean {
  return toNameKind(name) === 'secret';
}

export function toNameKind(name: string): NameKind | null {
  if (name.length > nameCharactersMax) return null;
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = judge(name);
  if (kinds.size >= kindsMax) kinds.clear();
  kinds.set(name, kind);
  return kind;
}

function judge(name: string): NameKind | null {
  if (name === 'PWD') return 'directory';
  if (hint.test(name) && isSecret(name)) return 'secret';
  if (oauthNames.test(name)) return 'secret';
  if (/^[_.-]{0,8}auth$/i.test(name)) return 'auth';
  if (isWeakName(name)) return 'weak';
  return queryNames.test(name) ? 'query' : null;
}

/**
 * Names that hold a secret in some files and something else in others, so that the value decides: `AZURE_DEVOPS_EXT_PAT`, `billing_key`.
 */
function isWeakName(name: string): boolean {
  if (!/(?:pat|key|salt)$/i.test(name.slice(-4))) return false;
  const words = toWords(name);
  const last = words.at(-1) ?? '';
  if (words.length < 2 || words.includes('path')) return false;
  return last === 'pat' || last === 'salt' || (last === 'key' && !wordsOfPlainKeys.has(words.at(-2) ?? ''));
}

/** Parameters of OAuth 2.0 (RFC 6749, 7523, 7636, 8628), SAML and CAS that are as good as a password while they last. */
const oauthNames =
  /^(?:code_?verifier|(?:client_?)?assertion|saml_?response|device_?code|authorization_?code|auth_?code|id_token_hint|login_?ticket)$/i;
/** A secret only in a query string, and only before a value that looks random. */
const queryNames = /^(?:sig|signature|code|key|ticket|otp|jwt|hmac|oobcode|invite|magic|x-amz-security-token)$/i;

/** Splits `dbPassword`, `DB_PASSWORD`, `db-password` into lower-case words. */
function toWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function isSecret(name: string): boolean {
  if (notSecrets.has(name)) return false;
  // A signed URL is a bearer secret; "signature" alone is a word of every programming text.
  if (/^x-(?:amz|goog)-signature$/i.test(name)) return true;
  const words = toWords(name);
  const last = words.at(-1);
  if (last === undefined || harmlessEndings.has(last)) return false;
  return words.some((word, index) => {
    const bare = word.replace(/[0-9]+$/, '');
    if (secretWords.has(bare) || compound.test(bare)) return true;
    // `olcRootPW`, `db_pw`: two letters mean little in the middle of a name.
    if (bare === 'pw' && index > 0 && index === words.length - 1) return true;
    return (bare === 'key' || bare === 'keys') && index > 0 && wordsBeforeKey.has(words[index - 1] ?? '');
  });
}
