/** Regular expressions that cost the server's memory: repetitions of repetitions, which matchers write out before they match. */

/** What is written out at most: a UUID or a time stamp takes less, and grep reads this within a second and a few megabytes. */
const copiesMax = 10_000;
const repeatsMax = 255;

export const heavyPattern =
  'The pattern repeats something more often than a matcher can hold; use smaller numbers in the braces.';

/** Counts as if every `{m,n}` were nested in the one before, which is the most it can cost. Linear in the length. */
export function isHeavyPattern(pattern: string): boolean {
  let copies = 1;
  for (const [, least = '', most = ''] of pattern.matchAll(/\{([0-9]*)(?:,([0-9]*))?\\?\}/g)) {
    const repeats = Math.max(1, Number(most === '' ? least : most));
    copies *= repeats;
    if (repeats > repeatsMax || copies > copiesMax) return true;
  }
  return false;
}
