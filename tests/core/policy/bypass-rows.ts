/** A table as text: one line a row, empty ones left out. */

export function rows(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
