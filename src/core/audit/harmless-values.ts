/** What stands beside a secret's name and is none: types, references, words of prose, paths. Errs towards "secret". */
import { isReference } from './secret-argv.ts';

const harmlessWords = new Set([
  'true',
  'false',
  'null',
  'none',
  'nil',
  'undefined',
  'yes',
  'no',
  'on',
  'off',
  'required',
  'optional',
  'string',
  'str',
  'bool',
  'boolean',
  'int',
  'integer',
  'number',
  'text',
  'any',
  'unknown',
  'bytes',
  'buffer',
  'object',
  'void',
  'varchar',
  'secretstr',
  'not',
  'set',
  'unset',
  'empty',
  'missing',
  'invalid',
  'expired',
  'incorrect',
  'wrong',
  'prompt',
  'redacted',
  'hidden',
  'masked',
  'default',
  'filtered',
  'removed',
  'scrubbed',
  'censored',
  'changed',
  'unchanged',
  'expiry',
]);

/** What programs write in place of a secret: `[FILTERED]`, `<masked>`, `***`, `(hidden)`, `xxxx`. */
const masked =
  /^(?:[*•●.·#_-]{3,64}|[xX]{3,64}|[[<({*«]{1,3}[ ]?(?:filtered|redacted|masked|hidden|removed|scrubbed|censored|sanitized|sanitised|omitted|protected|private|sensitive|secret|encrypted|not shown|not set|unset|none|empty|null|undefined|password|token|sensitive value|known after apply|computed|secure|value|value hidden)[ ]?[\]>)}*»]{1,3}|redacted|REDACTED|FILTERED|MASKED|HIDDEN|\[object Object\])$/i;

/** True for a mask, and for what stands between quotes where nothing is: it holds no secret, whatever stands around it. */
export function isMasked(value: string): boolean {
  return masked.test(value) || /^(?:null|none|nil|undefined|true|false)?$/i.test(value);
}

/** What manuals and templates write for "put yours here". */
const placeholderText =
  /^<?(?:(?:your|my|enter|insert|put|add|paste)[-_ ](?:[a-z]{1,16}[-_ ]){0,4}(?:here|key|token|password|secret)|(?:api[-_ ]?key|token|password|secret)[-_ ](?:goes[-_ ])?here|replace[-_ ]?(?:me|this)(?:[-_ ]\w{1,32}){0,4})>?$/i;

const knownRoots =
  /^(?:\/(?:etc|var|run|usr|home|root|opt|srv|tmp|mnt|data|app|config|secrets|proc|sys|dev|lib|bin|Users|Library)|~|\.{1,2})\/[\w.@/-]+$/;

/** `sha256:…`: the digest of something, which tells nothing about it. */
const digest = /^sha(?:1|224|256|384|512)[:-][A-Za-z0-9+/=_-]{16,128}$/i;
/** `@password.txt`: programs read the file. */
const fileArgument = /^@[\w./-]{1,256}\.(?:txt|json|ya?ml|pem|key|env|conf|cfg|ini|pw|pass|secret)$|^@-$/;
/** `request.getParameter(`, cut at its quote. */
const unfinishedCall = /^[A-Za-z_$][\w$]{0,64}(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]{0,64}){0,8}!?\($/;
/** `$_POST['x`, `params[:x`, `ENV["`, cut or whole. */
const codeIndex = /^[$@]?[A-Za-z_][\w.]{0,128}\[(?:[:'"][\w.:-]{0,64}['"]?)?$/;

/** A quoted value that is filled in later: a reference, a template, what manuals write for "put yours here", a rule of a form. */
export function isTemplate(value: string): boolean {
  return (
    isReference(value) ||
    /^(?:<[a-z][\w .:/-]{0,64}>|<%=?.{0,200}%>|\{\{.{0,200}\}\}|%\(?\w{0,32}\)?[sdvq]|\{\w{0,32}\}|#\{.{0,128}\}|\$\{.{0,128}\}|string|boolean|integer|number|object)$/.test(
      value,
    ) ||
    /^(?:required|nullable|sometimes|filled|present)(?:\|[\w:,]{1,64}){0,16}$/.test(value) ||
    placeholderText.test(value)
  );
}

/** `settings.DB_PASSWORD`, `config.authToken`: a member of something, which is named like a secret. */
const settingReference =
  /^(?:[a-z_]\w{0,63}(?:\.[A-Za-z_]\w{0,63}){0,4}\.(?:[A-Z][A-Z0-9_]{2,63}|\w{0,32}(?:[Pp]assword|[Tt]oken|[Ss]ecret|[Kk]ey)))$/;

/** @param shape how the value stands there: to the end of a `line`, `spaced` from its separator, or directly behind it (`bare`). */
export function isHarmlessValue(name: string, value: string, shape: 'line' | 'spaced' | 'bare'): boolean {
  const word = value.replace(/[,;)\]}]+$/, '');
  if (word === '' || isReference(word) || isReference(value)) return true;
  if (digest.test(word) || fileArgument.test(word) || unfinishedCall.test(word) || codeIndex.test(word)) return true;
  if (isMasked(word) || isMasked(value)) return true;
  // YAML: null, and values that a tag fetches from elsewhere.
  if (word === '~' || /^![A-Za-z][\w./:-]{0,64}[ \t]/.test(value)) return true;
  if (harmlessWords.has(word.toLowerCase()) || isTypeExpression(word)) return true;
  if (/^(?:\*{3,}|\.{3}|…|x{3,}|<[^<>]{0,128}>?|%[sdv]|%\([^)]{0,64}\)s|\{[\w.]{0,64}\}?|[{[(|>]+)$/i.test(word))
    return true;
  if (
    /^(?:process\.env|os\.environ|os\.getenv|env|ENV|System\.getenv|var|local|data|module|each|self|this)[.([]/.test(
      word,
    )
  )
    return true;
  if (knownRoots.test(word)) return true;
  if (placeholderText.test(word)) return true;
  // Test runners count what passed.
  if (/^pass(?:ed)?$/i.test(name) && /^[0-9]{1,6}$/.test(word)) return true;
  // Where name services look things up, in nsswitch.conf.
  if (
    /^passwd$/.test(name) &&
    /^(?:files|compat|db|sss|ldap|systemd|winbind|nis|hesiod|[ \t]|\[[^\]]{1,40}\])+$/.test(value)
  )
    return true;
  // Secrets of a compose file, by name, and what passwd says.
  if (/^secrets$/i.test(name) && /^\[[\w, -]{0,256}\]$/.test(value)) return true;
  if (name === 'passwd' && /^(?:password|all|authentication|permission|user|you)[ \t][a-z]/i.test(value)) return true;
  if (settingReference.test(word) || (word === name && /[a-z][_A-Z]/.test(word))) return true;
  if (shape === 'bare') return false;
  // `secret = # not set`
  if (/^#(?:\s|$)/.test(value) || isSameName(name, word)) return true;
  // A call in source code: an identifier, then parentheses to the end.
  if (/^(?:await\s+|new\s+)?[A-Za-z_$][\w$.]{0,128}\([^\r\n]{0,512}\)[;,]?$/.test(value)) return true;
  // "wrong password: try again" in the middle of a sentence.
  return shape === 'spaced' && /^[a-z]{1,12}$/.test(word);
}

/**
 * Source code that hands a value on: `token: Token`, `passphrase: auth.passphrase`, `self.api_key = api_key`. One plain word that is the
 * name itself may be somebody's password.
 */
function isSameName(name: string, value: string): boolean {
  if (value !== name && name.endsWith(`.${value}`)) return true;
  if (value === name) return /[a-z][_A-Z]/.test(value);
  if (!/^[A-Za-z_$][\w$]{0,63}(?:\??\.[A-Za-z_$][\w$]{0,63}){0,8}$/.test(value)) return false;
  const last = value.slice(value.lastIndexOf('.') + 1);
  const isDotted = last !== value;
  return (
    last.toLowerCase() === name.toLowerCase() && (isDotted || (/^[A-Z][a-z]/.test(value) && !/pass|pwd/i.test(name)))
  );
}

/** `string | null`, `Optional[str]`, `str = None` */
function isTypeExpression(value: string): boolean {
  if (value.length > 128 || !/^[\w\s|?[\]<>=.]+$/.test(value)) return false;
  const words = value.split(/[^\w]+/).filter((word) => word !== '');
  return words.every((word) => harmlessWords.has(word.toLowerCase()) || word === 'Optional' || word === 'readonly');
}
