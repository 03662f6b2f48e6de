/** Secrets that are known by their own shape: tokens with the issuer's prefix, addresses of webhooks, password hashes. Every pattern is linear. */
import { type Span, toSpan } from './spans.ts';
import { tokenBeginnings } from './token-shapes.ts';
import { createWordStarts } from './word-starts.ts';

/** A token may also follow an escaped line end or a percent escape, whose last character is a letter or a digit. */
const boundary = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))`;
const beginningCharacters = 3;
const tokenPatterns: ReadonlyMap<string, RegExp> = new Map(
  [...tokenBeginnings].map(([beginning, shapes]) => [
    beginning,
    new RegExp(`${boundary}(?:${shapes.map((shape) => shape.source).join('|')})`, 'y'),
  ]),
);
const tokenStarts = createWordStarts([...tokenBeginnings.keys()]);

/** Shapes that begin with anything: looked for only where their fixed part is. */
const innerShapes: readonly (readonly [part: string, pattern: RegExp])[] = [
  [':AA', new RegExp(`${boundary}[0-9]{8,10}:AA[A-Za-z0-9_-]{33}`, 'g')], // Telegram
  [':AA', /(?<![A-Za-z0-9_])bot([0-9]{8,10}:AA[A-Za-z0-9_-]{33})/dg], // its address
  ['Q~', new RegExp(`${boundary}[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,36}`, 'g')], // Entra ID, client secret
  ['-us', new RegExp(`${boundary}[a-f0-9]{32}-us[0-9]{1,2}(?![0-9])`, 'g')], // Mailchimp
  ['NRAL', new RegExp(`${boundary}[a-f0-9]{36}NRAL`, 'g')], // New Relic, license
  ['SSWS ', /(?<![A-Za-z])SSWS[ \t]{1,4}([A-Za-z0-9_-]{20,128})/dg], // Okta
  ['AZDO', /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g], // Azure DevOps
  ['+ASt', /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}\+ASt[A-Za-z0-9+/]{6}==/g], // Azure, storage
  ['+ACR', /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5,6}/g], // Azure, registry
];

/** The same behind a word. */
const wordShapes: readonly RegExp[] = [
  new RegExp(`${boundary}[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,128}`, 'g'), // Terraform
  // A scheme of HTTP authentication in any header, or in none.
  /(?<![A-Za-z])(?:[Bb]|%22[Bb])earer(?:[ \t]{1,4}|,[ \t]{0,4}|%20|\+)((?=[^\s"']{0,64}[0-9])[A-Za-z0-9._~+/%-]{16,4096}={0,2})/dg,
  /(?<![A-Za-z])[Bb]asic[ \t]{1,4}((?=[A-Za-z0-9+/]{0,64}[0-9=])[A-Za-z0-9+/]{10,4096}={0,2})(?![A-Za-z0-9-])/dg,
];
const wordShapeStarts = createWordStarts(['atlasv1', 'Bearer', 'bearer', 'Basic', 'basic']);

/** crypt(3) hashes as in /etc/shadow: `$id$…$hash`. */
const cryptHash =
  /\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|sha1|md5|argon2(?:id|i|d)|scrypt|pbkdf2-sha(?:256|512))\$[A-Za-z0-9./,=+$-]{20,512}/g;

/** Needs no name beside the secret. */
export function findTokens(text: string): Span[] {
  const spans = text.includes('$') ? matches(text, cryptHash) : [];
  for (const [part, pattern] of innerShapes) if (text.includes(part)) spans.push(...matches(text, pattern));
  if (wordShapeStarts(text).length > 0) for (const pattern of wordShapes) spans.push(...matches(text, pattern));
  let end = 0;
  for (const start of tokenStarts(text)) {
    if (start < end) continue;
    const pattern = tokenPatterns.get(text.slice(start, start + beginningCharacters));
    if (pattern === undefined) continue;
    pattern.lastIndex = start;
    const length = pattern.exec(text)?.[0].length ?? 0;
    if (length === 0) continue;
    end = start + length;
    spans.push({ start, end });
  }
  return spans;
}

/** Parts of a webhook's address between its name and what is secret in it: versions, the words of its makers, numbers. */
const webhook =
  /hooks?(?:b[0-9])?(?:[.:][A-Za-z0-9.:-]{1,80})?\/(?:(?:[0-9]{1,24}|v[0-9]|catch|custom|incoming|incomingwebhook|services|hooks?|webhooks?|send|test|workflows|triggers?|invoke|generic|bot|in)\/){0,4}([A-Za-z0-9_@=-]{16,200}(?:\/[A-Za-z0-9_@=-]{1,200}){0,4})/diy;
/** `…/with/key/SECRET`, `…/integration/SECRET/enqueue`, `hc-ping.com/SECRET` */
const keyedAddress =
  /(?:\/with\/key|events\.pagerduty\.com\/integration|hc-ping\.com|hook\.[a-z0-9.]{1,16}make\.com|notify\.run)\/([A-Za-z0-9_-]{16,128})/dg;

/** Addresses whose path is the secret: whoever knows it may post. */
export function findWebhooks(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('hook'); at !== -1; at = text.indexOf('hook', at + 4)) {
    webhook.lastIndex = at;
    const [start, end] = webhook.exec(text)?.indices?.[1] ?? [];
    if (start === undefined || end === undefined || !isRandom(text.slice(start, end))) continue;
    spans.push({ start, end });
    at = Math.max(at, end - 4);
  }
  if (text.includes('://')) spans.push(...matches(text, keyedAddress));
  return spans;
}

/** Digits and letters mixed, and no word of a language. */
function isRandom(value: string): boolean {
  return (
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[a-z]{1,32}(?:[-_][a-z0-9]{1,32}){0,8}$/.test(value.slice(0, 32))
  );
}

/** The first group where a pattern has one, the whole match otherwise. */
function matches(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [start, end] = match.indices?.[1] ?? [];
    return start === undefined || end === undefined ? toSpan(match.index, match[0].length) : { start, end };
  });
}
