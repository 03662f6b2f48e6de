/** Reads a command's words the way getopt does, against a list of known options: clusters are split, unknown words refused. */
import {
  type OptionRule,
  type ParsedOption,
  type ParsedWords,
  type Refusal,
  refuse,
  valueProblem,
} from './command-rule.ts';

/**
 * Options may stand among operands until `--`. Long names must be exact, short flags may be clustered, the value of a short
 * option is the rest of its cluster or the next word. Anything else is a refusal that names the word.
 */
export function parseWords(args: readonly string[], rules: readonly OptionRule[]): ParsedWords | Refusal {
  const options: ParsedOption[] = [];
  const operands: string[] = [];
  let isMixed = false;
  let index = 0;
  while (index < args.length) {
    const word = args[index] ?? '';
    if (word === '--') {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      index += 1;
      continue;
    }
    const taken = word.startsWith('--')
      ? readLong(word, args[index + 1], rules)
      : readCluster(word, args[index + 1], rules);
    if ('refused' in taken) return taken;
    isMixed ||= operands.length > 0;
    options.push(...taken.options);
    index += taken.used;
  }
  return { options, operands, isMixed };
}

interface Taken {
  readonly options: readonly ParsedOption[];
  readonly used: 1 | 2;
}

function readLong(word: string, next: string | undefined, rules: readonly OptionRule[]): Taken | Refusal {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const attached = equals < 0 ? null : word.slice(equals + 1);
  const rule = rules.find((candidate) => candidate.names.includes(name));
  if (rule === undefined) return unknown(name);
  if (rule.takes === 'nothing' && attached !== null) return refuse('option', `The option ${name} takes no value.`);
  if (rule.takes === 'value' && attached === null) {
    if (next === undefined) return refuse('option', `The option ${name} needs a value.`);
    return withValue(rule, name, next, [word, next], 2);
  }
  return attached === null
    ? { options: [{ name: nameOf(rule), value: null, words: [word] }], used: 1 }
    : withValue(rule, name, attached, [word], 1);
}

function readCluster(word: string, next: string | undefined, rules: readonly OptionRule[]): Taken | Refusal {
  // Some tools spell whole words with one dash, or a number as an option: those are listed as they stand.
  const whole = rules.find((candidate) => candidate.names.includes(word));
  if (whole?.takes === 'nothing') return { options: [{ name: nameOf(whole), value: null, words: [word] }], used: 1 };
  if (/^-[0-9]{1,9}$/.test(word)) {
    const numeric = rules.find((candidate) => candidate.names.includes('-NUMBER'));
    if (numeric !== undefined) {
      return { options: [{ name: nameOf(numeric), value: word.slice(1), words: [word] }], used: 1 };
    }
  }
  const options: ParsedOption[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at] ?? ''}`;
    const rule = rules.find((candidate) => candidate.names.includes(name));
    if (rule === undefined) return unknown(name);
    if (rule.takes === 'nothing') {
      options.push({ name: nameOf(rule), value: null, words: [name] });
      continue;
    }
    const rest = word.slice(at + 1);
    if (rest === '' && rule.takes === 'optional') {
      options.push({ name: nameOf(rule), value: null, words: [name] });
      return { options, used: 1 };
    }
    if (rest === '' && next === undefined) return refuse('option', `The option ${name} needs a value.`);
    const value = rest === '' ? (next ?? '') : rest;
    const taken = withValue(rule, name, value, rest === '' ? [name, value] : [name + rest], rest === '' ? 2 : 1);
    return 'refused' in taken ? taken : { options: [...options, ...taken.options], used: taken.used };
  }
  return { options, used: 1 };
}

function withValue(
  rule: OptionRule,
  name: string,
  value: string,
  words: readonly string[],
  used: 1 | 2,
): Taken | Refusal {
  const problem = valueProblem(value, rule.value);
  if (problem !== null) return refuse('option', `The value of ${name} must be ${problem}.`);
  return { options: [{ name: nameOf(rule), value, words }], used };
}

function nameOf(rule: OptionRule): string {
  return rule.names.at(-1) ?? '';
}

function unknown(name: string): Refusal {
  return refuse('option', `The option ${name} is not on the list of options that only read.`);
}
