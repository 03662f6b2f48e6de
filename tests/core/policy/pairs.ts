/** Tables of `line => rule`, one a line. */

export function toPairs(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const at = line.lastIndexOf(' => ');
      return [line.slice(0, at), line.slice(at + 4)] as const;
    });
}
