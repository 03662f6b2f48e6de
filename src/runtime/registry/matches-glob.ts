/** File name patterns with `*` and `?`, as Include of ssh_config uses them; a leading dot must be named, as in glob(7). */

export function matchesGlob(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let patternAt = 0;
  let starAt = -1;
  let retryAt = 0;
  while (at < name.length) {
    const wanted = pattern[patternAt];
    if (wanted === '*') {
      starAt = patternAt++;
      retryAt = at;
    } else if (wanted === '?' || wanted === name[at]) {
      patternAt++;
      at++;
    } else if (starAt !== -1) {
      // The last star takes one character more; earlier ones never need to be tried again.
      patternAt = starAt + 1;
      at = ++retryAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(patternAt));
}
