/**
 * The one wrapper around ssh2's host verification. ssh2 refuses a key only when it is handed exactly `false`: an async function, null,
 * 0, '', no argument or an Error all connect. It knows nothing of known_hosts.
 */

/** What ssh2 calls with the key; it must return undefined, because ssh2 takes any other return value for an answer. */
export type HostVerifier = (key: Buffer, answer: (permitted: boolean) => void) => undefined;

/**
 * Makes a verifier that permits exactly when `judge` returns `true`, at once. Everything else, a throw and a promise included, refuses.
 * `judge` runs again on each re-exchange of keys.
 */
export function toHostVerifier(judge: (key: Buffer) => unknown): HostVerifier {
  return (key, answer) => {
    let verdict: unknown;
    try {
      verdict = judge(key);
    } catch {
      // A judge that fails has not permitted; the caller learns why from the judge itself.
      verdict = false;
    }
    answer(verdict === true);
    return undefined;
  };
}
