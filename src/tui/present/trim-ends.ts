/** A text as a conversation shows it: without empty lines around it. Pure. */

export function trimEnds(text: string): string {
  return text.replace(/^(\s*\n)+/, '').trimEnd();
}
