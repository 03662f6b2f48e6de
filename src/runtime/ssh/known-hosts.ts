/**
 * The known_hosts format of OpenSSH (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): parsing, matching a name, judging a key. Pure; it
 * knows nothing of files being written, and nothing of what the program does with the verdict.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface KnownHost {
  readonly marker: 'revoked' | 'cert-authority' | null;
  /** The first field as written: patterns, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  /** The key as it travels in the protocol. */
  readonly key: Buffer;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export type KeyVerdict =
  | { readonly kind: 'known'; readonly by: KnownHost }
  | { readonly kind: 'unknown'; readonly hasAuthority: boolean }
  | { readonly kind: 'changed'; readonly known: readonly KnownHost[] }
  | { readonly kind: 'revoked'; readonly by: KnownHost };

/** Judges the key that a server of this name showed. A revoked key is refused whatever else is known of it. */
export function judgeKey(hosts: readonly KnownHost[], name: string, key: Buffer): KeyVerdict {
  const matching = hosts.filter((host) => isNamed(host.hosts, name));
  const revoked = matching.find((host) => host.marker === 'revoked' && host.key.equals(key));
  if (revoked) return { kind: 'revoked', by: revoked };
  const plain = matching.filter((host) => host.marker === null);
  const by = plain.find((host) => host.key.equals(key));
  if (by) return { kind: 'known', by };
  // A key of a type that is not known counts as changed too: the known types are asked for first, so the server no longer has them.
  if (plain.length > 0) return { kind: 'changed', known: plain };
  return { kind: 'unknown', hasAuthority: matching.some((host) => host.marker === 'cert-authority') };
}

/** Types of the plain keys known for a name, in file order, each once. */
export function knownTypes(hosts: readonly KnownHost[], name: string): readonly string[] {
  return [
    ...new Set(hosts.filter((host) => host.marker === null && isNamed(host.hosts, name)).map((host) => host.type)),
  ];
}

/** The name a server's keys are kept under: `host`, or `[host]:port` where the port is not 22. */
export function toHostName(host: string, port: number): string {
  const lower = host.toLowerCase();
  return port === 22 ? lower : `[${lower}]:${port}`;
}

/** `SHA256:` and base64 without padding, as ssh-keygen prints it. */
export function toFingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Every line that holds a key. Comments, empty lines and lines that are not understood are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, file, index + 1) ?? []);
}

function parseLine(text: string, file: string, line: number): KnownHost | null {
  const fields = text.trim().split(/[ \t]+/);
  const first = fields[0] ?? '';
  if (first === '' || first.startsWith('#')) return null;
  const marker = first === '@revoked' ? 'revoked' : first === '@cert-authority' ? 'cert-authority' : null;
  if (marker === null && first.startsWith('@')) return null;
  const [hosts, type, encoded] = marker === null ? fields : fields.slice(1);
  if (hosts === undefined || type === undefined || encoded === undefined) return null;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  return typeOf(key) === type ? { marker, hosts, type, key, file, line } : null;
}

/** The type that the key itself names (RFC 4253, section 6.6); null when it is not a key. */
export function typeOf(key: Buffer): string | null {
  if (key.length < 4) return null;
  const end = 4 + key.readUInt32BE(0);
  return end <= key.length ? key.toString('latin1', 4, end) : null;
}

/** Whether the first field of a line means this name. A negated pattern that matches wins over all others of the line. */
export function isNamed(hosts: string, name: string): boolean {
  const lower = name.toLowerCase();
  if (hosts.startsWith('|')) return isHashOf(hosts, lower);
  let named = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (isLike(lower, pattern.slice(1))) return false;
    } else if (isLike(lower, pattern)) named = true;
  }
  return named;
}

function isHashOf(field: string, name: string): boolean {
  const [, version, salt, hash] = field.split('|');
  if (version !== '1' || !salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/**
 * `*` and `?` only (PATTERNS of ssh_config(5)). Goes back no further than to the last `*`: it looks at no more than twice the length of the
 * name times that of the pattern, whatever a file holds.
 */
export function isLike(name: ArrayLike<string>, pattern: ArrayLike<string>): boolean {
  let at = 0;
  let patternAt = 0;
  let starAt = -1;
  let resumeAt = 0;
  while (at < name.length) {
    if (pattern[patternAt] === '*') {
      starAt = patternAt;
      resumeAt = at;
      patternAt += 1;
    } else if (patternAt < pattern.length && (pattern[patternAt] === '?' || pattern[patternAt] === name[at])) {
      at += 1;
      patternAt += 1;
    } else if (starAt >= 0) {
      resumeAt += 1;
      at = resumeAt;
      patternAt = starAt + 1;
    } else return false;
  }
  while (pattern[patternAt] === '*') patternAt += 1;
  return patternAt === pattern.length;
}
