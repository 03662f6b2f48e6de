/** Finds secrets in running text by what stands around them: URLs, flags, command lines, XML elements, `.netrc`. */
import { isHarmlessValue, isTemplate } from './harmless-values.ts';
import { toSecretOffsets } from './secret-argv.ts';
import { commandsWithSecrets } from './secret-command-rules.ts';
import { isSecretName } from './secret-names.ts';
import { type Span, toSpan } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

const userinfoCharactersMax = 1_024;
const commandCharactersMax = 600;

/** Password of a URL's userinfo (RFC 3986 §3.2.1); a long userinfo without a password is a token. */
export function findUserinfo(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    const authority = /^[^\s/?#"'<>`\\]*/.exec(text.slice(start, start + userinfoCharactersMax))?.[0] ?? '';
    const end = authority.lastIndexOf('@');
    if (end < 1) continue;
    const userinfo = authority.slice(0, end);
    const colon = userinfo.indexOf(':');
    const secret = userinfo.slice(colon + 1);
    if (
      colon === -1
        ? !/^(?=.*[0-9])[A-Za-z0-9_.~%-]{16,}$/.test(userinfo)
        : secret === '' || isHarmlessValue('', secret, 'bare')
    )
      continue;
    spans.push(toSpan(start + colon + 1, secret.length));
  }
  return spans;
}

/** Words that follow a flag's name in manuals and sentences. */
const proseWords =
  /^(?:to|is|the|a|an|and|or|for|with|string|value|values|in|into|from|as|if|when|can|must|has|not|on|of|was|are|be|flag|flags|option|options|argument|arguments|parameter|file|instead|here|only|will|should|may|which|that|this|it|at|by|via|bytes|command|commands|again|page|screen|first|failed|succeeded|successful|credentials|session|attempt|flow|step|process|before|after|now|then|using)[.,;:)]?$/;

/** `--password x`, `-storepass x` in a line of text; `--password=x` is an assignment. */
export function findFlags(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /-(?<![A-Za-z0-9_-]-)-?([A-Za-z][A-Za-z0-9_-]{1,63})[ \t]{1,4}(?!-)("[^"\r\n]{1,1024}"|'[^'\r\n]{1,1024}'|[^\s"']{1,1024})/g,
  )) {
    const [whole, name = '', value = ''] = match;
    if (!isSecretName(name) || name.startsWith('no-') || value.startsWith('-') || proseWords.test(value)) continue;
    if (/^[A-Z_]{2,}$|^[<[(|`]/.test(value) || isHarmlessValue(name, value, 'bare')) continue;
    const quotes = /^["']/.test(value) ? 1 : 0;
    spans.push(toSpan(match.index + whole.length - value.length + quotes, value.length - 2 * quotes));
  }
  return spans;
}

const commandWord = new RegExp(`(?<![\\w.-])(?:${commandsWithSecrets.join('|')})(?=[ \\t])`, 'y');
const commandStarts = createWordStarts(commandsWithSecrets);

/** Command lines inside a text, judged by the same rules as an argv. */
export function findCommands(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const start of commandStarts(text)) {
    commandWord.lastIndex = start;
    if (start < done || !commandWord.test(text)) continue;
    const segment = /^[^\r\n;|&]*/.exec(text.slice(start, start + commandCharactersMax))?.[0] ?? '';
    done = start + segment.length;
    const words = [...segment.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)].map((word) => {
      const quotes = /^["']/.test(word[0]) ? 1 : 0;
      return { text: word[0].slice(quotes, word[0].length - quotes), at: start + word.index + quotes };
    });
    toSecretOffsets(words.map((word) => word.text)).forEach((offset, index) => {
      const word = words[index];
      if (offset === null || word === undefined) return;
      const secret = word.text.slice(offset);
      // The community of SNMP that everybody has.
      if (secret === 'public') return;
      if (!proseWords.test(secret) && !isHarmlessValue('', secret, 'bare'))
        spans.push(toSpan(word.at + offset, secret.length));
    });
  }
  return spans;
}

/** `requirepass X`, `auth_pass X;` of configuration files: a line of a name and a value that is no word. A lone `password x` is prose. */
const directive =
  /^[ \t]{0,32}(requirepass|masterauth|bindpw|rootpw|[A-Za-z][A-Za-z0-9]{0,31}[_-][A-Za-z0-9_-]{1,63})[ \t]{1,32}(["']?)((?=[^\s"';]{0,255}[0-9])[A-Za-z0-9!#%&()*+,.:=?@^_~-][^\s"';]{5,255})\2;?[ \t]{0,8}\r?$/gm;
/** `define("DB_PASSWORD", "x")` of PHP, `key="ApiKey" value="x"` of XML settings. */
const namedPair =
  /(?:\bdefine[ \t]{0,4}\([ \t]{0,4}|\b(?:key|name)=)["']([A-Za-z_][\w.:-]{1,63})["'](?:[ \t]{0,4},[ \t]{0,40}|[ \t]{1,8}value=)["']([^"'\r\n]{1,1024})["']/g;

/** `aws configure set aws_secret_access_key X`, `npm config set //host/:_authToken X`, `vercel env add`: a name, then its value. */
const setting =
  /(?<![\w-])(?:set|SET|Set|put|setenv|config(?:ure)?(?![ \t]{1,4}set))[ \t]{1,4}(?:--?[a-z][a-z-]{0,15}[ \t]{1,4}){0,3}["']?([\w./:@[\]-]{3,128})["']?[ \t]{1,4}(?:"([^"\r\n]{1,1024})"|'([^'\r\n]{1,1024})'|([^\s"'=-][^\s"']{0,1023}))/dg;

function findSettings(text: string): Span[] {
  return [...text.matchAll(setting)].flatMap((match) => {
    const name = (match[1] ?? '').replace(/^.{0,128}[:/]/, '');
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const [start, end] = match.indices?.slice(2).find((group) => group !== undefined) ?? [];
    if (start === undefined || end === undefined || !isSecretName(name)) return [];
    // `set password to expire` is a sentence.
    if (proseWords.test(value) || isHarmlessValue(name, value, 'bare') || /^[<[(|]/.test(value)) return [];
    return /^[A-Za-z]{1,16}$/.test(name) && /^[A-Za-z]{1,16}[.,;:]?$/.test(value) ? [] : [{ start, end }];
  });
}

/** A name and its value as two members: environments of containers (JSON, YAML), parameters of CloudFormation. */
const members =
  /\b(?:name|Name|key|Key|ParameterKey)["']?[ \t]{0,4}[:=][ \t]{0,4}["']?([\w.-]{2,64})["']?,?[ \t]{0,8}\r?\n?[ \t]{0,64}["']?(?:value|Value|ParameterValue)["']?[ \t]{0,4}[:=][ \t]{0,4}(?:"([^"\r\n]{1,4096})"|'([^'\r\n]{1,4096})'|([^\s"',{}[\]][^\r\n,}]{0,1023}))/dg;

/** Outputs of Terraform's state, and property lists. */
const nested = /"([\w.-]{2,64})"[ \t]{0,4}:[ \t]{0,4}\{\s{0,64}"value"[ \t]{0,4}:[ \t]{0,4}"([^"\r\n]{1,4096})"/dg;
const listed = /<(?:key|name)>([\w.-]{2,64})<\/(?:key|name)>\s{0,64}<(?:string|value)>([^<]{1,4096})</dg;
const inSetting = /\bname="([\w.-]{2,64})"[^<>]{0,128}>\s{0,64}<value>([^<]{1,4096})</dg;
/** `password = "x" -> "y"` of Terraform, whose first value is an assignment's. */
const replaced =
  /([\w.-]{2,64})"?[ \t]{0,16}[=:][ \t]{0,4}"?[^"\s]{1,1024}"?[ \t]{1,4}->[ \t]{1,4}"([^"\r\n]{1,1024})"/dg;
const variableStarts = createWordStarts(['variable']);
/** `variable "db_password" { … default = "x"` */
const defaulted =
  /\bvariable[ \t]{1,4}"([\w.-]{2,64})"[ \t]{0,4}\{[^{}]{0,400}?\bdefault[ \t]{0,16}=[ \t]{0,4}"([^"\r\n]{1,1024})"/dg;
/** `--password-file=<(echo x)` */
const substituted =
  /((?:pass|secret|token|key)[\w-]{0,32})[= ]<\([ \t]{0,4}(?:echo|printf)(?:[ \t]{1,4}-\w{1,3})?[ \t]{1,4}(?:['"]%s['"][ \t]{1,4})?["']?([^\s"')$]{1,256})/dg;

function findMembers(text: string): Span[] {
  const found = text.includes('alue') ? [...text.matchAll(members), ...text.matchAll(nested)] : [];
  if (text.includes('<key>') || text.includes('<value>'))
    found.push(...text.matchAll(listed), ...text.matchAll(inSetting));
  if (text.includes('> "')) found.push(...text.matchAll(replaced));
  if (variableStarts(text).length > 0) found.push(...text.matchAll(defaulted));
  if (text.includes('<(')) found.push(...text.matchAll(substituted));
  return found.flatMap((match) => {
    const name = match[1] ?? '';
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const [start, end] = match.indices?.slice(2).find((group) => group !== undefined) ?? [];
    if (start === undefined || end === undefined || !isSecretName(name.replace(/-file$/, ''))) return [];
    return isTemplate(value) || isHarmlessValue(name, value, 'bare') ? [] : [{ start, end }];
  });
}

export function findPairs(text: string): Span[] {
  const spans = [...findSettings(text), ...findMembers(text)];
  for (const match of text.matchAll(directive)) {
    const [whole, name = '', , value = ''] = match;
    if (isSecretName(name) && !isHarmlessValue(name, value, 'bare'))
      spans.push(toSpan(match.index + whole.lastIndexOf(value), value.length));
  }
  if (!text.includes('define') && !text.includes('value=')) return spans;
  for (const match of text.matchAll(namedPair)) {
    const [whole, name = '', value = ''] = match;
    // The keys and salts of WordPress.
    const isSalt = /_(?:KEY|SALT)$/.test(name) && /^(?=\S{0,256}[^\w.:/-])\S{16,256}$/.test(value);
    if ((isSecretName(name) || isSalt) && !isHarmlessValue(name, value, 'bare') && !isTemplate(value))
      spans.push(toSpan(match.index + whole.lastIndexOf(value), value.length));
  }
  return spans;
}

const attributeName = /(?:^|[ \t])(?:name|key|id|property)=["']([\w.:-]{2,64})["']/;

/** `<property value="x" name="password"/>`: attributes in any order, others between them. */
function findAttributes(text: string): Span[] {
  return [...text.matchAll(/<[A-Za-z_][\w.:-]{0,63}([ \t][^<>]{1,600})>/dg)].flatMap((match) => {
    const attributes = match[1] ?? '';
    const name = attributeName.exec(attributes)?.[1] ?? '';
    const [start, end] = /[ \t]value=["']([^"'\r\n]{1,512})["']/d.exec(attributes)?.indices?.[1] ?? [];
    if (start === undefined || end === undefined || !isSecretName(name)) return [];
    const value = attributes.slice(start, end);
    if (isTemplate(value) || isHarmlessValue(name, value, 'bare')) return [];
    const from = match.indices?.[1]?.[0] ?? 0;
    return [{ start: from + start, end: from + end }];
  });
}

export function findElements(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/<([A-Za-z_][\w.:-]{0,63})([ \t][^<>]{0,200})?>([^<]{1,4096})<\//g)) {
    const [whole, tag = '', attributes = '', value = ''] = match;
    const name = attributeName.exec(attributes)?.[1] ?? '';
    if (
      (isSecretName(tag) || isSecretName(name)) &&
      value.trim() !== '' &&
      !isHarmlessValue(tag, value.trim(), 'bare') &&
      !isTemplate(value.trim())
    )
      spans.push(toSpan(match.index + whole.length - 2 - value.length, value.length));
  }
  return text.includes('value=') ? [...spans, ...findAttributes(text)] : spans;
}

/** `login NAME password SECRET` of `.netrc`, `NAME:SECRET | chpasswd`, `echo SECRET | sudo -S`, and `IDENTIFIED BY 'SECRET'` of SQL. */
export function findLogins(text: string): Span[] {
  const netrc = /\blogin[ \t]{1,8}\S{1,128}\s{1,16}password[ \t]{1,8}(\S{1,512})/dg;
  const chpasswd =
    /(?<![\w.:-])[a-z_][\w.-]{0,31}:([^\s"'|]{1,256})["']?[ \t]{0,8}\|[ \t]{0,8}(?:sudo[ \t]{1,4})?chpasswd/dg;
  const piped =
    /(?<![\w-])(?:echo|printf)(?:[ \t]{1,4}-[A-Za-z]{1,3})?[ \t]{1,4}["']?([^\s"'|$%]{1,256})["']?[ \t]{0,8}\|[^|\r\n]{0,128}?(?:sudo[ \t]{1,4}-[A-Za-z]{0,4}S|--(?:password-)?stdin)(?![\w-])/dg;
  const sql =
    /\b(?:identified(?:[ \t]{1,8}with[ \t]{1,8}[^\s]{1,64})?[ \t]{1,8}(?:by|as)|password)[ \t]{1,8}'([^'\r\n]{1,512})'/dgi;
  const isWanted: readonly boolean[] = [
    text.includes('login'),
    text.includes('chpasswd'),
    text.includes('|') && (text.includes('sudo') || text.includes('stdin')),
    text.includes("'"),
  ];
  return [netrc, chpasswd, piped, sql]
    .filter((_, index) => isWanted[index])
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap((match) => {
      const [start, end] = match.indices?.[1] ?? [];
      return start === undefined || end === undefined ? [] : [{ start, end }];
    });
}
