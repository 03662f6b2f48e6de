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
]);

const knownRoots =
  /^(?:\/(?:etc|var|run|usr|home|root|opt|srv|tmp|mnt|data|app|config|secrets|proc|sys|dev|lib|bin|Users|Library)|~|\.{1,2})\/[\w.@/-]+$/;

/** @param shape how the value stands there: to the end of a `line`, `spaced` from its separator, or directly behind it (`bare`). */
export function isHarmlessValue(name: string, value: string, shape: 'line' | 'spaced' | 'bare'): boolean {
  const word = value.replace(/[,;)\]}]+$/, '');
  if (word === '' || isReference(word)) return true;
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
  // What manuals and templates write for "put yours here".
  if (/^<?your[-_ ](?:[a-z]{1,16}[-_ ]){0,4}(?:here|key|token|password|secret)>?$/i.test(word)) return true;
  // Test runners count what passed.
  if (/^pass(?:ed)?$/i.test(name) && /^[0-9]{1,6}$/.test(word)) return true;
  // Where name services look things up, in nsswitch.conf.
  if (
    /^passwd$/.test(name) &&
    /^(?:files|compat|db|sss|ldap|systemd|winbind|nis|hesiod|[ \t]|\[[^\]]{1,40}\])+$/.test(value)
  )
    return true;
  if (shape === 'bare') return false;
  // `secret = # not set`
  if (/^#(?:\s|$)/.test(value) || isSameName(name, word)) return true;
  // A call in source code: an identifier, then parentheses to the end.
  if (/^(?:await\s+|new\s+)?[A-Za-z_$][\w$.]{0,128}\([^\r\n]{0,512}\)[;,]?$/.test(value)) return true;
  // "wrong password: try again" in the middle of a sentence.
  return shape === 'spaced' && /^[a-z]{1,12}$/.test(word);
}

/** Source code that hands a value on: `token: Token`, `passphrase: auth.passphrase`. The bare name itself may be somebody's password. */
function isSameName(name: string, value: string): boolean {
  if (value === name || !/^[A-Za-z_$][\w$]{0,63}(?:\??\.[A-Za-z_$][\w$]{0,63}){0,8}$/.test(value)) return false;
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
