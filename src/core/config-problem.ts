/** Turns what zod found in a configuration value into words a person can act on, with the nearest valid key. Knows no file. */
import type { z } from 'zod';
import { nearest } from '../base/nearest.ts';
import { keysAt, takesTextAt } from './schema-keys.ts';

export interface ConfigProblem {
  /** Path inside the value that was parsed. For an unknown key: the path of that key. */
  readonly path: ConfigPath;
  /** What is wrong there: part of a sentence, without a full stop. */
  readonly message: string;
}

export type ConfigPath = readonly (string | number)[];

/** The problem to name first of a failed parse; `schema` is the one that refused `value`. */
export function toConfigProblem(error: z.ZodError, schema: z.ZodType, value: unknown): ConfigProblem {
  // An unknown key explains a missing one ("hots" for "host"), so it goes first.
  const issue = error.issues.find((one) => one.code === 'unrecognized_keys') ?? error.issues[0];
  if (!issue) return { path: [], message: 'it is not valid' };
  return explain(issue, toConfigPath(issue.path), schema, value);
}

/** A path as people write it: `auth.passphrase.command[0]`. */
export function toPathText(path: ConfigPath): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

function explain(issue: Issue, path: ConfigPath, schema: z.ZodType, value: unknown): ConfigProblem {
  const name = path.length === 0 ? 'it' : `"${toPathText(path)}"`;
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = [...path, issue.keys[0] ?? ''];
      const known = keysAt(schema, path, value);
      const meant = nearest(issue.keys[0] ?? '', known);
      const hint = meant ? `did you mean "${meant}"?` : `known here: ${known.join(', ')}`;
      return { path: key, message: `unknown key "${toPathText(key)}" (${hint})` };
    }
    case 'invalid_type':
      return {
        path,
        message: found === undefined ? `${name} is missing` : `${name} must be ${kindOf(issue.expected)}`,
      };
    case 'invalid_value':
      return { path, message: `${name} must be ${oneOf(issue.values, found)}` };
    case 'invalid_union':
      return explainUnion(issue, path, schema, value);
    default:
      return { path, message: `${name} ${toClause(issue.message)}` };
  }
}

function explainUnion(issue: UnionIssue, path: ConfigPath, schema: z.ZodType, value: unknown): ConfigProblem {
  const name = `"${toPathText(path)}"`;
  const found = valueAt(value, path);
  const { options } = issue as { readonly options?: readonly unknown[] };
  if (issue.discriminator !== undefined && options) {
    return { path, message: `${name} must be ${oneOf(options.map(String), found)}` };
  }
  const known = keysAt(schema, path, value);
  for (const inner of issue.errors.flat()) {
    const innerPath = [...path, ...toConfigPath(inner.path)];
    // The variant that was meant is the one that accepts the key that is there.
    const about = inner.path.length > 0 && valueAt(value, innerPath) !== undefined;
    const unknownEverywhere = inner.code === 'unrecognized_keys' && !known.includes(inner.keys[0] ?? '');
    if (about || unknownEverywhere) return explain(inner, innerPath, schema, value);
  }
  const forms = known.map((key) => `{"${key}": ...}`);
  if (takesTextAt(schema, path, value)) forms.unshift('a text that is not empty');
  return { path, message: `${name} must be ${forms.join(' or ')}` };
}

/** As they are written in the file: a number without quotes. */
function oneOf(allowed: readonly unknown[], found: unknown): string {
  const words = allowed.filter((one) => typeof one === 'string');
  const meant = typeof found === 'string' ? nearest(found, words) : null;
  const hint = meant === null ? '' : ` (did you mean "${meant}"?)`;
  return `${allowed.map((word) => JSON.stringify(word) ?? String(word)).join(' or ')}${hint}`;
}

function kindOf(expected: string): string {
  if (expected === 'string') return 'a text';
  if (expected === 'int') return 'a whole number';
  if (expected === 'boolean') return 'true or false';
  return expected === 'array' || expected === 'object' ? `an ${expected}` : `a ${expected}`;
}

/** Zod's own wording where the schema gives none: "Too big: expected number to be <=65535". */
function toClause(message: string): string {
  const own = /^(?:Too (?:big|small)|Invalid \w+): (.*)$/.exec(message);
  return own ? `is not valid: ${own[1]}` : message;
}

function toConfigPath(path: readonly PropertyKey[]): ConfigPath {
  return path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

type Issue = z.core.$ZodIssue;
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;
