/** Finds secrets that follow a word without `=` or `:`: settings of devices and servers, sentences such as "the password is X", also of other languages, `.pgpass` lines. */
import { isHarmlessValue, isTemplate } from './harmless-values.ts';
import { isSecretName } from './secret-names.ts';
import { gap, kind, settings, value } from './secret-settings.ts';
import type { Span } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

const passwordWords =
  'password|passwd|passphrase|passcode|pwd|psk|secret|community|passwort|kennwort|losungswort|zugangscode|mot de passe|mdp|contrase(?:ñ|n|ni)a|clave|senha|parola(?: d.ordine)?|wachtwoord|l(?:ö|o)senord|passord|adgangskode|salasana|has(?:ł|l)o|heslo|jelsz(?:ó|o)|parool|(?:ş|s)ifre';
const verbs = 'is|was|are|reads|to|lautet|lautete|ist|war|sei|est|es|era|é|è|será|sera|jest|je|to|on|är|er';
/** "the password for bob is X", "Passwort lautet: X", "password X": the value must look like one. */
const sentence = new RegExp(
  `(?:${passwordWords})["']?(?:(?:[ \\t]{1,8}(?:for|für|pour|para|of|von|de|per|voor)[ \\t]{1,4}[^\\s:=]{1,64})?(?:[ \\t]{1,8}(?:${verbs})(?:[ \\t]{1,4}(?:now|jetzt|nun|set to|changed to))?[ \\t]{0,4}:?|[ \\t]{0,4}:))?${gap}${kind}${value}`,
  'diy',
);
/** "root password generated for root@db-1: X", "API key on nas01 is X": words between, so the value must look the more like one. */
const longSentence = new RegExp(
  `(?:${passwordWords}|token|(?:api|access|secret|private|licen[cs]e|recovery|unseal|root|admin)[ \\t-](?:key|token))s?["']?(?:[ \\t]{1,4}[^\\s=:"'<>{}]{1,48}){0,8}(?:[ \\t]{1,4}(?:is|was|are|to|as|lautet|lautete|ist|war|est|es|è|jest|är|er)(?:[ \\t]{1,4}now)?[ \\t]{0,4}:?|[ \\t]{0,4}(?::(?:[ \\t]{0,4}\\r?\\n){0,3}|=|=>|->|→|[–—-](?=[ \\t])))[ \\t]{0,8}(?<=[ \\t\\n])(?:"([^"\\s][^"\\r\\n]{4,510}[^"\\s])"|'([^'\\s][^'\\r\\n]{4,510}[^'\\s])'|([^\\s"'<>[\\]{}()|][^\\s"']{5,255}))`,
  'diy',
);
const sentenceBeginnings =
  'pas Pas PAS pwd psk sec Sec com Ken ken Los los Zug zug mot Mot mdp MDP con Con CON cla Cla sen Sen par Par wac Wac los adg Adg sal Sal has Has hes Hes jel Jel sif Sif tok Tok api API Api acc Acc pri Pri lic Lic rec Rec uns Uns roo Roo adm Adm';

/** Words of scripts that know no capitals or no spaces; a separator or a particle leads to the value. */
const otherScripts =
  /(?:парол[ьяюе]|Парол[ьяюе]|ПАРОЛЬ|パスワード|パスフレーズ|暗証番号|密码|密碼|口令|비밀번호|암호|סיסמה|סיסמא|κωδικός|รหัสผ่าน|mật khẩu|Mật khẩu|كلمة المرور|كلمة السر)[^\S\r\n]{0,4}(?:[:=：]|は|是|为|為|는|은|[—–-](?=\s))[^\S\r\n]{0,4}["'「『«]?([^\s"'\u0080-\uffff]{6,256}|[^\s"'「」『』«»。、，]{4,256})/dg;

/** `host:port:database:user:password` of libpq; the port tells it from places in files. */
const passwordFileLine =
  /^[ \t]{0,8}(?:[A-Za-z0-9.*_-]{1,253}|\[[0-9a-f:]{2,40}\]):(?:[0-9]{4,5}|\*):[^\s:]{1,63}:[^\s:]{1,63}:((?:[^\s:\\]|\\[:\\]){4,256})[ \t]{0,8}\r?$/dgm;
/** `jdbc:oracle:thin:NAME/SECRET@HOST` */
const oracle = /jdbc:oracle:[a-z0-9]{1,8}:[^\s/@:"']{1,64}\/("[^"\r\n]{1,128}"|[^\s@/"']{1,128})@/dg;
const fileName = /^[^:]{1,255}\.(?:[cm]?[jt]sx?|py|go|java|rb|rs|php|cs|c|h|cc|cpp|kt|swift|sh|log|ya?ml|txt|md|json):/;

interface Setting {
  readonly pattern: RegExp;
  readonly needsLooks: boolean;
}

const patterns: ReadonlyMap<string, readonly Setting[]> = settings.reduce((byBeginning, [beginnings, words, needs]) => {
  const setting = { pattern: new RegExp(`${words}${value}`, 'dy'), needsLooks: needs === 'looks' };
  for (const beginning of beginnings.split(' '))
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), setting]);
  return byBeginning;
}, new Map<string, Setting[]>());
const isSentenceBeginning: ReadonlySet<string> = new Set(sentenceBeginnings.split(' '));
const starts = createWordStarts([...patterns.keys(), ...isSentenceBeginning]);

export function findPhrases(text: string): Span[] {
  const spans: Span[] = [];
  for (const start of starts(text)) {
    const beginning = text.slice(start, start + 3);
    const setting = patterns
      .get(beginning)
      ?.map((known) => readSetting(text, known, start))
      .find((span) => span !== null);
    if (setting !== undefined && setting !== null) {
      spans.push(setting);
      continue;
    }
    if (!isSentenceBeginning.has(beginning)) continue;
    const span = readSentence(text, start);
    if (span !== null) spans.push(span);
  }
  if (text.includes('jdbc:oracle:')) spans.push(...readAll(text, oracle));
  if (/:(?:[0-9]{4,5}|\*):/.test(text))
    spans.push(
      ...readAll(text, passwordFileLine).filter(
        (span) =>
          !fileName.test(text.slice(text.lastIndexOf('\n', span.start) + 1, span.start)) &&
          looksLikeSecret('', text.slice(span.start, span.end)),
      ),
    );
  // Most texts hold no such character, and are spared the search.
  if (/[^\u0000-\u017f]/.test(text))
    spans.push(...readAll(text, otherScripts).filter((span) => isForeignSecret(text.slice(span.start, span.end))));
  return spans;
}

function readSentence(text: string, at: number): Span | null {
  const near = read(text, sentence, at);
  if (near !== null && looksLikeSecret(text.slice(at, at + 6), text.slice(near.start, near.end))) return near;
  const far = read(text, longSentence, at);
  // "password policy: …", "token for bob expires: …" tell about one.
  if (far === null || aboutOne.test(text.slice(at, far.start))) return null;
  return isStrong(text.slice(far.start, far.end)) ? far : null;
}

const aboutOne =
  /[ \t](?:polic(?:y|ies)|rules?|requirements?|strength|length|expir\w{0,4}|valid|check\w{0,3}|hints?|prompts?|manager|files?|fields?|fingerprint|hash|algorithm|type|path|stored|rotat\w{0,4}|version|id|name|url|endpoint)(?![\w-])/i;

function readSetting(text: string, { pattern, needsLooks }: Setting, at: number): Span | null {
  const span = read(text, pattern, at);
  if (span === null) return null;
  const secret = text.slice(span.start, span.end);
  if (isPlain(secret) || isTemplate(secret)) return null;
  return needsLooks && !looksLikeSecret('', secret) ? null : span;
}

function read(text: string, pattern: RegExp, at: number): Span | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  // A value has three groups, by its quotes; a name may stand before it.
  const [start, end] = match?.indices?.slice(-3).find((group) => group !== undefined) ?? [];
  if (start === undefined || end === undefined) return null;
  const name = match?.groups?.name;
  if (name !== undefined && !isSecretName(name.replace(/^http_/, ''))) return null;
  // What was redacted already, and whatever is glued to it, is left to the detectors that know its borders.
  if (text.slice(start, end).includes('«redacted:')) return null;
  return { start, end: start + text.slice(start, end).replace(/[.,;:]{1,4}$/, '').length };
}

function readAll(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [];
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });
}

/** The community everybody has, references, and words of manuals in place of a value. */
function isPlain(secret: string): boolean {
  return (
    isHarmlessValue('', secret, 'bare') ||
    /^(?:public|is|are|was|for|to|and|or|of|the|a|an|in|on|with|from|has|can|must|will|should|string|map|list|view|group|access|chain|name|value|rotation|[A-Z_]{2,64})$/.test(
      secret,
    )
  );
}

/** Tells a secret from the next word of a sentence: it holds a digit or a sign, and is no path, date, address, algorithm or name. */
function looksLikeSecret(word: string, secret: string): boolean {
  if (secret.length < 6 || !/[0-9!@#$%^&*+~=?]/.test(secret) || !/[^0-9.:/,-]/.test(secret)) return false;
  if (/^(?:[/$%@~!-]|\.{1,2}\/|[0-9]{1,4}-?[a-z]{1,12}$)/.test(secret) || isHarmlessValue('', secret, 'bare'))
    return false;
  if (
    /^(?:[0-9]{1,3}:)?v?[0-9]{1,8}(?:\.[0-9]{1,8}){1,4}(?:[+~:-][\w.+~:-]{0,64})?$|^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(
      secret,
    )
  )
    return false;
  if (/\/[\w./-]{0,128}\.[a-z]{1,5}(?::[0-9:]{1,16})?$/.test(secret)) return false;
  if (/^[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64}$|^\w{1,64}\.[a-z]{1,5}$|^[A-Z_][A-Z0-9_]{1,64}$/.test(secret))
    return false;
  if (
    /^(?:sha|aes|md|rsa|des|hmac|utf|rfc|v|base|x|oauth|ssh|pbkdf|argon|pam_|scram-)-?[0-9]{1,4}[\w-]{0,24}$|[=]$/i.test(
      secret,
    )
  )
    return /^(?:(?=[A-Za-z+/]{0,24}[0-9])[A-Za-z0-9+/]{10,24}|[A-Za-z0-9+/]{16,512})={1,2}$/.test(secret);
  // Names of objects in a cluster: `secret db-tls-7f9c created`.
  return !/^secret/i.test(word) || /[A-Z!@#$%^&*+~=?]/.test(secret);
}

/** Far from the word that names it: long, mixed, and no version, date, time, identifier or address. */
function isStrong(secret: string): boolean {
  if (secret.length < 8 || !looksLikeSecret('', secret) || isTemplate(secret)) return isMixed(secret);
  if (
    /^[0-9]{1,4}[-:./][0-9]|^[a-z]{1,32}[-_.]?[0-9]{1,4}$|:\/\/|^[\w.-]{1,64}\/|^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(secret)
  )
    return false;
  return !/^[a-z]{1,32}(?:-[a-z]{1,32}){0,4}-[0-9]{1,5}$/.test(secret);
}

/** Letters alone: small and capital ones in an order that neither words nor names of programs have. */
function isMixed(secret: string): boolean {
  return /^(?=[A-Za-z]{0,64}[_-])(?=.{0,64}[a-z][A-Z]{2}[a-z]|[a-z]{1,2}[A-Z][a-z]{1,3}_)[A-Za-z_-]{10,64}$/.test(
    secret,
  );
}

/** Behind a word of another script: Latin letters and signs, or letters of its own with digits among them. */
function isForeignSecret(secret: string): boolean {
  if (isHarmlessValue('', secret, 'bare')) return false;
  if (/^[\x21-\x7e]{6,}$/.test(secret)) return !/^[[(<{]/.test(secret);
  return !/[\u3000-\u9fff\uac00-\ud7af]/.test(secret) && looksLikeSecret('', secret);
}
