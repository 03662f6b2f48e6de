/** Checks plain data that was read from a file of the screen: everybody can have written it. Each throws an Error that names the part. */

const idCharactersMax = 256;

export type Fields = Readonly<Record<string, unknown>>;

export function toFields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is no object`);
  return value as Fields;
}

export function toList(value: unknown, name: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${name} is no list`);
  if (value.length > most) throw new Error(`${name} has more than ${most} entries`);
  return value;
}

export function toId(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '' || value.length > idCharactersMax)
    throw new Error(`${name} is not a short text`);
  return value;
}
