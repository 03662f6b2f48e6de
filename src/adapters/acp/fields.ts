/** Reads of values that nobody has checked: an agent's messages may hold anything anywhere. */

export type Fields = Readonly<Record<string, unknown>>;

/** An empty object for what is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
