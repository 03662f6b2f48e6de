/** Finds secrets among the arguments of calls in source code: `new PDO(dsn, user, "x")`, `setPassword("x")`, `hash_equals(token, "x")`. Knows calls by name. */
import { isHarmlessValue, isTemplate } from './harmless-values.ts';
import { isSecretName } from './secret-names.ts';
import type { Span } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

const argumentsCharactersMax = 600;

/** [names of calls, which argument is the secret, counted from 0; negative from the last]. */
const families: readonly (readonly [names: string, index: number])[] = [
  ['PDO mysqli mysqli_connect mysql_connect mysql_pconnect', 2],
  ['pg_connect_with sqlsrv_login odbc_connect oci_connect oci_pconnect', 2],
  ['mysqli_real_connect ftp_login ssh2_auth_password ldap_bind imap_open', -1],
  ['getConnection DriverManagerDataSource SimpleDriverDataSource', 2],
  ['connect', 2],
  ['login authenticate auth_plain auth', 1],
  ['simple_bind_s simple_bind bind_s', 1],
  ['HTTPBasicAuth HTTPDigestAuth BasicAuth SetBasicAuth basic_auth basicAuth auth_basic httpBasic', 1],
  ['UsernamePasswordCredentials NetworkCredential PasswordAuthentication UsernamePasswordAuthenticationToken', 1],
  ['BasicAWSCredentials AwsBasicCredentials NewStaticCredentials StaticCredentials StaticCredentialsProvider', 1],
  ['PlainAuth NewStaticCredentialsProvider', -1],
  [
    'strcmp strncmp strcasecmp hash_equals compare_digest timingSafeEqual constant_time_compare ConstantTimeCompare',
    -1,
  ],
  ['requirePass ConvertTo-SecureString', 0],
];
/** Where the arguments hold a host behind the secret. */
const beforeLast = new Set(['PlainAuth', 'NewStaticCredentialsProvider']);
/** Comparisons: the other side must be named like a secret. */
const comparisons = new Set(
  'strcmp strncmp strcasecmp hash_equals compare_digest timingSafeEqual constant_time_compare ConstantTimeCompare'.split(
    ' ',
  ),
);

const indexOf: ReadonlyMap<string, number> = new Map(
  families.flatMap(([names, index]) => names.split(' ').map((name) => [name, index] as const)),
);
const starts = createWordStarts([...indexOf.keys()]);
const callName = new RegExp(`(?:${[...indexOf.keys()].join('|')})[ \\t]{0,2}(?:=[ \\t]{0,2})?\\(`, 'y');

export function findCalls(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const start of starts(text)) {
    if (start < done) continue;
    callName.lastIndex = start;
    const call = callName.exec(text)?.[0];
    if (call === undefined || text[start + call.length] === ')') continue;
    const name = call.replace(/[ \t=(]{1,8}$/, '');
    const words = readArguments(text, start + call.length);
    done = start + call.length;
    const span = choose(name, words);
    if (span === undefined || !isSecretLiteral(text.slice(span.start, span.end))) continue;
    if (
      comparisons.has(name) &&
      !words.some((word) => !word.isLiteral && isSecretName(text.slice(word.start, word.end).slice(-64)))
    )
      continue;
    spans.push(span);
  }
  return [...spans, ...findSetters(text)];
}

interface Argument extends Span {
  readonly isLiteral: boolean;
}

function choose(name: string, words: readonly Argument[]): Argument | undefined {
  const index = indexOf.get(name) ?? 0;
  const back = beforeLast.has(name) ? -2 : -1;
  if (comparisons.has(name)) return words.find((word) => word.isLiteral);
  const word = index < 0 ? words.at(words.length > 2 ? back : -1) : words[index];
  return word?.isLiteral === true ? word : undefined;
}

const argument =
  /[ \t\r\n]{0,40}(?:\w{1,32}[ \t]{0,2}=[ \t]{0,2})?(?:(["'`])((?:\\.|(?!\1)[^\\\r\n]){0,256})\1([^,()\r\n]{0,32}(?:\(\))?)?|([^,()"'`\r\n]{0,128}(?:\([^()\r\n]{0,128}\)[^,()"'`\r\n]{0,64})?))[ \t\r\n]{0,40}([,)])/dy;

/** The arguments up to the closing parenthesis, without their quotes. */
function readArguments(text: string, from: number): Argument[] {
  const found: Argument[] = [];
  argument.lastIndex = from;
  while (argument.lastIndex < from + argumentsCharactersMax) {
    const match = argument.exec(text);
    if (match === null) break;
    const [start, end] = match.indices?.[2] ?? match.indices?.[4] ?? [0, 0];
    found.push({ start, end, isLiteral: match[1] !== undefined });
    if (match[5] === ')') break;
  }
  return found;
}

/** `.setPassword("x")`, `.withApiKey('x')`, `password("x")` behind a dot: the name says what its only argument is. */
function findSetters(text: string): Span[] {
  const spans: Span[] = [];
  const literal = /\(["']([^"'\r\n]{6,512})["'](?:\.to\w{1,16}\(\))?\)/dy;
  for (const opening of ['("', "('"]) {
    for (let at = text.indexOf(opening); at !== -1; at = text.indexOf(opening, at + 2)) {
      const name =
        /(?:[.>:]|(?<![A-Za-z0-9_])(?=(?:set|with)_?[A-Za-z]))([A-Za-z_]\w{1,63})$/.exec(
          text.slice(Math.max(0, at - 66), at),
        )?.[1] ?? '';
      if (
        name === '' ||
        /^(?:get|has|is|find|load|read|fetch|create|new|parse|decode|verify|check|validate|remove|delete|from|resolve|random|generate|encode|hash|token_?urlsafe)/i.test(
          name,
        )
      )
        continue;
      if (!isSecretName(name.replace(/^(?:set|with|add|use|put)_?(?=[A-Za-z])/, ''))) continue;
      literal.lastIndex = at;
      const [start, end] = literal.exec(text)?.indices?.[1] ?? [];
      if (start !== undefined && end !== undefined && isSecretLiteral(text.slice(start, end)))
        spans.push({ start, end });
    }
  }
  return spans;
}

/** No prose, address, path or name of a setting. */
function isSecretLiteral(value: string): boolean {
  if (value.length < 4 || isTemplate(value) || isHarmlessValue('', value, 'bare')) return false;
  if (/:\/\/|^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}$|[ \t]\w{1,32}[ \t]/.test(value)) return false;
  return (
    /[0-9!@#$%^&*+~=?]/.test(value) &&
    !/^[A-Z][A-Z0-9]{0,32}(?:_[A-Z0-9]{1,32}){1,8}$|^[a-z]{1,32}(?:[._-][a-z]{1,32}){1,8}$/.test(value)
  );
}
