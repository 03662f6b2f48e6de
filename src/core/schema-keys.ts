/** Looks into a zod schema: which keys it knows at a place of a value. The one file that reads zod's `_zod.def`. */
import type { z } from 'zod';

type Path = readonly (string | number)[];

/** All keys that some variant of the schema knows at a path; variants that contradict the value's literals are left out. */
export function keysAt(schema: z.ZodType, path: Path, value: unknown): string[] {
  return [...new Set(variantsAt(schema, path, value).flatMap((one) => Object.keys(definitionOf(one).shape ?? {})))];
}

/** Whether a plain text is one of the forms allowed at a path. */
export function takesTextAt(schema: z.ZodType, path: Path, value: unknown): boolean {
  return variantsAt(schema, path, value).some((one) => definitionOf(one).type === 'string');
}

function variantsAt(schema: z.ZodType, path: Path, value: unknown): z.ZodType[] {
  const all = variantsOf(schema);
  const agreeing = all.filter((one) => agrees(one, value));
  const variants = agreeing.length > 0 ? agreeing : all;
  const [step, ...rest] = path;
  if (step === undefined) return variants;
  return variants.flatMap((one) => {
    const { shape, element } = definitionOf(one);
    const next = typeof step === 'string' ? shape?.[step] : element;
    return next ? variantsAt(next, rest, memberOf(value, step)) : [];
  });
}

/** Takes unions, defaults and optionals apart. */
function variantsOf(schema: z.ZodType): z.ZodType[] {
  const { innerType, options } = definitionOf(schema);
  if (innerType) return variantsOf(innerType);
  return options ? options.flatMap(variantsOf) : [schema];
}

function agrees(variant: z.ZodType, value: unknown): boolean {
  return Object.entries(definitionOf(variant).shape ?? {}).every(([key, member]) => {
    const { type, values } = definitionOf(member);
    return type !== 'literal' || !values || values.includes(memberOf(value, key));
  });
}

function memberOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

function definitionOf(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly unknown[];
}
