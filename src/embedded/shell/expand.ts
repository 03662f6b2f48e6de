/** Words of a script to words of a command: quotes removed, parameters and substitutions filled in, names matched by patterns. */
import type { Word, WordPart } from 'unbash';
import { TreeError } from '../machine/file-tree.ts';
import type { Machine } from '../machine/machine.ts';
import { type ShellState, toAbsolute } from './io.ts';

/** Runs a substitution's text and gives its output. */
export type Substitute = (text: string) => Promise<string>;

export async function expandWords(
  words: readonly Word[],
  state: ShellState,
  machine: Machine,
  substitute: Substitute,
): Promise<string[]> {
  const result: string[] = [];
  for (const word of words) {
    if (word.text === '"$@"' || word.text === '$@') result.push(...state.parameters);
    else if (word.parts?.some((part) => part.type === 'Glob')) result.push(...matchNames(word, state, machine));
    else result.push(await expandWord(word, state, substitute));
  }
  return result;
}

export async function expandWord(word: Word, state: ShellState, substitute: Substitute): Promise<string> {
  if (!word.parts) return word.value.replace(/^~(?=$|\/)/, state.variables.get('HOME') ?? '/');
  return await expandParts(word.parts, state, substitute);
}

async function expandParts(parts: readonly WordPart[], state: ShellState, substitute: Substitute): Promise<string> {
  let text = '';
  for (const part of parts) {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
      case 'Glob':
        text += part.value;
        break;
      case 'DoubleQuoted':
        text += await expandParts(part.parts, state, substitute);
        break;
      case 'SimpleExpansion':
        text += parameter(part.text.slice(1), state);
        break;
      case 'ParameterExpansion': {
        const value = parameter(part.parameter, state);
        const operation = part.operation;
        if (operation === undefined) text += value;
        else if (operation.type === 'Remove')
          text += removeEnd(value, operation.operator, await expandWord(operation.operand, state, substitute));
        else if (operation.type === 'Default' && operation.operator.endsWith('-'))
          text += value === '' ? await expandWord(operation.operand, state, substitute) : value;
        else throw new Error(`\${${part.parameter}…} of this kind is not simulated on this demo server`);
        break;
      }
      case 'CommandExpansion':
        text += (await substitute(part.text.replace(/^\$\(|^`|\)$|`$/g, ''))).replace(/\n+$/, '');
        break;
      default:
        throw new Error(`${part.text} is not simulated on this demo server`);
    }
  }
  return text;
}

function parameter(name: string, state: ShellState): string {
  if (/^\d+$/.test(name)) return name === '0' ? 'sh' : (state.parameters[Number(name) - 1] ?? '');
  if (name === '$') return String(state.pid);
  if (name === '?') return String(state.status);
  if (name === '#') return String(state.parameters.length);
  if (name === '@' || name === '*') return state.parameters.join(' ');
  if (name === 'PWD') return state.cwd;
  return state.variables.get(name) ?? '';
}

/** Only a literal operand, which is all that our own scripts use. */
function removeEnd(value: string, operator: string, operand: string): string {
  if (operator.startsWith('%')) return value.endsWith(operand) ? value.slice(0, value.length - operand.length) : value;
  return value.startsWith(operand) ? value.slice(operand.length) : value;
}

/** Names that match `*`, `?` and `[…]` in the last part of the word; the word itself when none does, as in POSIX. */
function matchNames(word: Word, state: ShellState, machine: Machine): string[] {
  const cut = word.value.lastIndexOf('/');
  const folder = cut < 0 ? '' : word.value.slice(0, cut + 1);
  const pattern = new RegExp(`^${toRegExp(word.value.slice(cut + 1))}$`);
  try {
    const names = machine.files.list(toAbsolute(state.cwd, folder === '' ? '.' : folder)).map(([name]) => name);
    const matching = names.filter((name) => pattern.test(name) && !name.startsWith('.'));
    return matching.length === 0 ? [word.value] : matching.map((name) => folder + name);
  } catch (error) {
    if (error instanceof TreeError) return [word.value];
    throw error;
  }
}

/** A shell pattern as a regular expression over one path component. */
export function toRegExp(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
}
