/** Builds an entry of the command table from data: options, operands, and an optional last look at both. */
import {
  type CommandRule,
  isRefusal,
  type OptionRule,
  type ParsedWords,
  type Reading,
  type Refusal,
  refuse,
  type ValueRule,
  valueProblem,
} from './command-rule.ts';
import { parseWords } from './options.ts';
import type { PathUseKind } from './path-rules.ts';

export type OperandRule =
  | { readonly kind: 'none' }
  /** Files or folders; without any, the command reads its standard input, the cwd, or nothing. */
  | { readonly kind: 'paths'; readonly use: PathUseKind; readonly without: 'input' | 'cwd' | 'nothing' | 'refused' }
  | { readonly kind: 'words'; readonly value: ValueRule; readonly max: number };

export interface CommandSpec {
  readonly options: readonly OptionRule[];
  readonly operands: OperandRule;
  readonly redactOutput?: true;
  /** Shows parts of lines, or lines in another form: always, or with one of these options (`--color=always`: with this value). */
  readonly cuts?: 'always' | readonly string[];
  /** Looks at the parsed words once more: may refuse, or change what is read and run. */
  readonly refine?: (words: ParsedWords, reading: Reading) => Reading | Refusal;
  /** Says in a word what `refine` does and is raised when that changes: it stands for it in the policy's hash. */
  readonly refinement?: string;
}

export function command(name: string, spec: CommandSpec): CommandRule {
  const { refine, ...data } = spec;
  return {
    name,
    redactOutput: spec.redactOutput ?? false,
    description: data,
    read(args) {
      const words = parseWords(args, spec.options);
      if (isRefusal(words)) return words;
      const operands = operandUses(words.operands, spec.operands);
      if ('refused' in operands) return operands;
      const reading: Reading = {
        args: words.isMixed && spec.operands.kind === 'paths' ? optionsFirst(words) : args,
        uses: [...optionUses(words, spec.options), ...operands.uses],
        ...(isCutting(words, spec.cuts) ? { isCutting: true } : {}),
      };
      return refine === undefined ? reading : refine(words, reading);
    },
  };
}

/** Options before `--` before operands: the order that every system reads alike, whatever its environment says. */
export function optionsFirst({ options, operands }: ParsedWords): readonly string[] {
  return [...options.flatMap((option) => option.words), '--', ...operands];
}

function isCutting({ options }: ParsedWords, cuts: CommandSpec['cuts']): boolean {
  if (cuts === undefined || cuts === 'always') return cuts === 'always';
  return options.some(({ name, value }) => cuts.includes(name) || cuts.includes(`${name}=${value}`));
}

function optionUses(words: ParsedWords, rules: readonly OptionRule[]): Reading['uses'] {
  return words.options.flatMap((option) => {
    const rule = rules.find((candidate) => candidate.names.at(-1) === option.name);
    return rule?.value.kind === 'path' && option.value !== null ? [{ path: option.value, use: rule.value.use }] : [];
  });
}

function operandUses(operands: readonly string[], rule: OperandRule): { readonly uses: Reading['uses'] } | Refusal {
  switch (rule.kind) {
    case 'none':
      return operands.length === 0 ? { uses: [] } : refuse('operand', `The word ${operands[0]} is not expected here.`);
    case 'paths': {
      if (operands.length === 0 && rule.without === 'refused') return refuse('operand', 'It names no file.');
      if (operands.length === 0) return { uses: rule.without === 'cwd' ? [{ path: '', use: rule.use }] : [] };
      if (operands.includes('')) return refuse('operand', 'A file name is empty.');
      const named = rule.without === 'input' ? operands.filter((operand) => operand !== '-') : operands;
      return { uses: named.map((path) => ({ path, use: rule.use })) };
    }
    case 'words': {
      if (operands.length > rule.max)
        return refuse('operand', `At most ${rule.max} words are expected after the options.`);
      const odd = operands.find((operand) => valueProblem(operand, rule.value) !== null);
      return odd === undefined
        ? { uses: [] }
        : refuse('operand', `The word ${odd} must be ${valueProblem(odd, rule.value)}.`);
    }
  }
}
