/** What of the screen's own environment a shell on a server is offered: the language and the colours of this terminal, and nothing else. */

const offered = /^(?:LANG|LC_[A-Z]{1,20}|COLORTERM)$/;
/** What the operation takes. */
const valueCharactersMax = 64;

export function toShellEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(env).filter(
    (pair): pair is [string, string] =>
      offered.test(pair[0]) && pair[1] !== undefined && pair[1] !== '' && pair[1].length <= valueCharactersMax,
  );
  return Object.fromEntries(pairs);
}
