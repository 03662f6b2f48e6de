/** What a command's entry in the table is: how its words are read, and which paths it then touches. It decides nothing. */
import type { PathUseKind } from './path-rules.ts';

/** A command line the table understands completely. */
export interface Reading {
  /** Words after the command that will run; options that policy adds are in it. */
  readonly args: readonly string[];
  /** Paths as written; relative ones belong to the cwd, `''` is the cwd itself. */
  readonly uses: readonly { readonly path: string; readonly use: PathUseKind }[];
  /** It shows parts of lines, or lines in another form: a secret may lose its name on the way and be told apart no more. */
  readonly isCutting?: boolean;
  /** Names and addresses of machines that it sends something to. */
  readonly hosts?: readonly string[];
}

/** A command line with something in it that is not on the list. */
export interface Refusal {
  readonly about: 'option' | 'operand' | 'form';
  /** One sentence. */
  readonly refused: string;
}

export interface CommandRule {
  readonly name: string;
  /** Process and unit listings show other people's arguments: agents always see them redacted. */
  readonly redactOutput: boolean;
  /** Everything the rule says, as data: part of the policy's hash. */
  readonly description: unknown;
  read(args: readonly string[]): Reading | Refusal;
}

/** What a value of an option may be. */
export type ValueRule =
  | { readonly kind: 'any' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'shape'; readonly source: string; readonly what: string }
  | { readonly kind: 'path'; readonly use: PathUseKind };

export interface OptionRule {
  /** Every spelling, short and long, exactly: GNU abbreviations are unknown. The last one is its name. */
  readonly names: readonly string[];
  readonly takes: 'nothing' | 'value' | 'optional';
  readonly value: ValueRule;
}

export interface ParsedOption {
  readonly name: string;
  readonly value: string | null;
  /** The words as they will run. */
  readonly words: readonly string[];
}

export interface ParsedWords {
  readonly options: readonly ParsedOption[];
  readonly operands: readonly string[];
  /** An option stands behind an operand: GNU reads it as one, other systems as a further operand. */
  readonly isMixed: boolean;
}

export function isRefusal(answer: Reading | Refusal | ParsedWords): answer is Refusal {
  return 'refused' in answer;
}

export function refuse(about: Refusal['about'], refused: string): Refusal {
  return { about, refused };
}

/** Options without a value; each text holds all spellings of one option. */
export function flags(...spellings: readonly string[]): readonly OptionRule[] {
  return spellings.map((names) => ({ names: names.split(' '), takes: 'nothing', value: any }));
}

/** An option with a value, attached or as the next word. */
export function valued(names: string, value: ValueRule): readonly OptionRule[] {
  return [{ names: names.split(' '), takes: 'value', value }];
}

/** An option whose value, if any, is attached. */
export function optional(names: string, value: ValueRule): readonly OptionRule[] {
  return [{ names: names.split(' '), takes: 'optional', value }];
}

export const any: ValueRule = { kind: 'any' };
export const integer: ValueRule = shape('^[0-9]{1,9}$', 'a whole number');
/** A wider one would only pad the output. */
export const width: ValueRule = shape('^[0-9]{1,4}$', 'a number below 10000');
/**
 * A date as GNU reads it, without `TZ="…"`: that would open the file it names, and opening some devices is already a change, such as
 * the start of a watchdog.
 */
export const moment: ValueRule = shape('^[0-9A-Za-z @:+.,/-]{0,64}$', 'a date without a time zone of its own');
/** A wide field only pads the output, up to gigabytes of it. */
export const format: ValueRule = shape('^(?!.*%[-_0#+ ^.0-9]*[0-9]{4})', 'a format with widths below 1000');
export const sizeUnit: ValueRule = shape("^'?[0-9]*([KMGTPEZYkmg](iB|B)?|human-readable|si)?$", 'a size');
export const word: ValueRule = shape('^[A-Za-z0-9_.:@+-]+$', 'a plain word');

export function shape(source: string, what: string): ValueRule {
  return { kind: 'shape', source, what };
}

export function oneOf(...words: readonly string[]): ValueRule {
  return { kind: 'words', words };
}

/** Null when the value fits, otherwise what was expected. */
export function valueProblem(value: string, rule: ValueRule): string | null {
  switch (rule.kind) {
    case 'any':
    case 'path':
      return null;
    case 'words':
      return rule.words.includes(value) ? null : `one of ${rule.words.join(', ')}`;
    case 'shape':
      return new RegExp(rule.source).test(value) ? null : rule.what;
  }
}
