/** Secrets that are known by their own shape: tokens with the issuer's prefix, password hashes, private key blocks. Every pattern is linear. */
import { type Span, toSpan } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

/**
 * Prefixes are the issuers' documented ones. Every alternative begins with fixed characters and repeats one character class,
 * so no text can make the engine try twice.
 */
export const tokenShapes: readonly RegExp[] = [
  /(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/, // AWS access keys
  /gh[pousr]_[A-Za-z0-9]{20,255}/, // GitHub
  /github_pat_[A-Za-z0-9_]{22,255}/,
  /gl(?:pat|dt|rt|ptt|cbt|oas|soat|ft|imt|agent|ffct)-[A-Za-z0-9_=.-]{16,300}/, // GitLab
  /xox[abceoprs]-[A-Za-z0-9-]{10,300}/, // Slack
  /xapp-[0-9]-[A-Za-z0-9-]{10,300}/,
  /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,200}/,
  /[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}/, // Stripe
  /whsec_[A-Za-z0-9+/=]{20,250}/,
  /(?<!-)eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,16384}\.[A-Za-z0-9_.-]{0,8192}/, // JWT and JWE; not after "-", so that runs of one long word are read once
  /AIza[A-Za-z0-9_-]{35}/, // Google
  /ya29\.[A-Za-z0-9_-]{20,2048}/,
  /GOCSPX-[A-Za-z0-9_-]{20,64}/,
  /sk-(?:proj|svcacct|admin|ant|or)-[A-Za-z0-9_-]{16,300}/, // OpenAI, Anthropic, OpenRouter
  /sk-[A-Za-z0-9]{32,128}/,
  /npm_[A-Za-z0-9]{30,64}/,
  /pypi-[A-Za-z0-9_-]{50,512}/,
  /dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}/, // Docker
  /hf_[A-Za-z0-9]{30,64}/, // Hugging Face
  /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/, // SendGrid
  /do[opr]_v1_[a-f0-9]{64}/, // DigitalOcean
  /hv[sbr]\.[A-Za-z0-9_-]{20,300}/, // HashiCorp Vault
  /tskey-[a-z]{2,16}-[A-Za-z0-9-]{12,128}/, // Tailscale
  /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/, // Shopify
  /glsa_[A-Za-z0-9_]{32,64}/, // Grafana
  /glc_[A-Za-z0-9+/=]{32,300}/,
  /dapi[a-f0-9]{32}/, // Databricks
  /NRAK-[A-Z0-9]{27}/, // New Relic
  /lin_api_[A-Za-z0-9]{32,64}/, // Linear
  /sbp_[a-f0-9]{40}/, // Supabase
  /AGE-SECRET-KEY-1[0-9A-Z]{58}/,
  /xai-[A-Za-z0-9]{60,128}/,
  /gsk_[A-Za-z0-9]{40,64}/, // Groq
  /b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=\r\n]{20,}/, // "openssh-key-v1" in base64: a private key without its first line
];

/** A token may also follow an escaped line end or a percent escape, whose last character is a letter or a digit. */
const boundary = String.raw`(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))`;
const anyToken = new RegExp(`${boundary}(?:${tokenShapes.map((shape) => shape.source).join('|')})`, 'y');
/** Every shape above begins with one of these; a test holds the list against the shapes. */
export const tokenBeginnings = [
  ...['AKI', 'ASI', 'ABI', 'ACC', 'ghp', 'gho', 'ghu', 'ghs', 'ghr', 'git', 'glp', 'gld', 'glr', 'glc', 'glo', 'gls'],
  ...['glf', 'gli', 'gla', 'xox', 'xap', 'hoo', 'sk_', 'sk-', 'rk_', 'whs', 'eyJ', 'AIz', 'ya2', 'GOC', 'npm', 'pyp'],
  ...['dck', 'hf_', 'SG.', 'dop', 'doo', 'dor', 'hvs', 'hvb', 'hvr', 'tsk', 'shp', 'dap', 'NRA', 'lin', 'sbp', 'AGE'],
  ...['xai', 'gsk', 'b3B'],
];
const tokenStarts = createWordStarts(tokenBeginnings);

/** Shapes that begin with anything: looked for only where their fixed part is. */
const innerShapes: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['.atlasv1.', new RegExp(`${boundary}[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{60,128}`, 'g')], // Terraform
  [':AA', new RegExp(`${boundary}[0-9]{8,10}:AA[A-Za-z0-9_-]{33}`, 'g')], // Telegram
];

/** crypt(3) hashes as in /etc/shadow: `$id$…$hash`. */
const cryptHash =
  /\$(?:1|2[abxy]?|5|6|7|y|gy|apr1|sha1|md5|argon2(?:id|i|d)|scrypt|pbkdf2-sha(?:256|512))\$[A-Za-z0-9./,=+$-]{20,512}/g;

/** Needs no name beside the secret. */
export function findTokens(text: string): Span[] {
  const spans = text.includes('$') ? matches(text, cryptHash) : [];
  for (const [part, pattern] of innerShapes) if (text.includes(part)) spans.push(...matches(text, pattern));
  let end = 0;
  for (const start of tokenStarts(text)) {
    if (start < end) continue;
    anyToken.lastIndex = start;
    const length = anyToken.exec(text)?.[0].length ?? 0;
    if (length === 0) continue;
    end = start + length;
    spans.push({ start, end });
  }
  return spans;
}

function matches(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map((match) => toSpan(match.index, match[0].length));
}
