/**
 * A host key that nobody trusts yet: as the sentence of a refusal tells it, and what counts as having read its fingerprint. Pure; knows neither
 * a screen nor a terminal.
 */

export interface UnknownKey {
  /** The server in whose name it is trusted; the key may be that of a jump host before it. */
  readonly server: string;
  readonly fingerprint: string;
  /** `ssh-ed25519`; null where the sentence does not say. */
  readonly type: string | null;
  /** `web-1 (10.0.0.5:22)`, or null. */
  readonly owner: string | null;
  /** Where the user's own ssh knows it from; null: nowhere. */
  readonly knownTo: string | null;
}

/**
 * Null for any other sentence, also for that of a key which has changed: that one is never offered to be trusted. What a server says of itself before it
 * has proven who it is stands inside other sentences, so this one counts from its first word to its last.
 */
export function readUnknownKey(sentence: string): UnknownKey | null {
  const { server, fingerprint, type = null } = refusal.exec(sentence)?.groups ?? {};
  if (server === undefined || fingerprint === undefined) return null;
  return { server, fingerprint, type, owner: toOwner(sentence), knownTo: toPlaceKnown(sentence) };
}

const refusal =
  /^The host key of .+?, (?:(?<type>[\w.@-]+) )?(?<fingerprint>SHA256:[A-Za-z0-9+/]{43}=?), is not known (?:yet|here yet)\b.* run `signalbox server trust-key (?<server>\S+) \k<fingerprint>`\.$/;

export function toOwner(sentence: string): string | null {
  return /^The host key of (.+? \([^()]+:\d+\))/.exec(sentence)?.[1] ?? null;
}

export function toPlaceKnown(sentence: string): string | null {
  return (
    /^The host key of [^`;]+, is not known here yet, but your ssh knows it \((.+? line \d+)\);/.exec(sentence)?.[1] ??
    null
  );
}

/** Without the command that trusts it, for whoever is asked at once. */
export function withoutTrustCommand(sentence: string): string {
  return sentence.replace(
    /; (compare it with what its owner says, then|to trust it here too,) run `signalbox server trust-key [^`]*`\./,
    '.',
  );
}

/** Characters of the fingerprint that are typed: read off, not confirmed by habit. */
export const typedCharacters = 4;

/** Why that is not what was to be typed; null when it is. All of it, as the console printed it, is a better comparison than its end. */
export function findTypedProblem(text: string, fingerprint: string): string | null {
  const end = fingerprint.slice(-typedCharacters);
  if (text === end || text.split(/\s+/).includes(fingerprint)) return null;
  if (text.toLowerCase() === end.toLowerCase())
    return 'Small and capital letters are different ones here; nothing was trusted.';
  return text.includes('SHA256:')
    ? 'This is another fingerprint; nothing was trusted.'
    : 'These are not its last characters; nothing was trusted.';
}

/** Prints the fingerprints of a machine on its own console. */
export const fingerprintCommand = 'for f in /etc/ssh/*.pub; do ssh-keygen -lf $f; done';
