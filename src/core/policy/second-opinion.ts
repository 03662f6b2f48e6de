/** A second reader of every simple line: a real bash parser must find the same words, or a person looks. It never allows anything by itself. */
import { type ParsedScript, parse, type Word } from 'unbash';

/** True when bash, too, reads the line as exactly one simple command with exactly these words. */
export function isReadAlike(line: string, argv: readonly string[]): boolean {
  const words = plainWords(parse(line));
  return words !== null && words.length === argv.length && words.every((word, index) => word === argv[index]);
}

/** The words of a script that is one simple command without assignments, redirections or expansions; null otherwise. */
function plainWords(script: ParsedScript): readonly string[] | null {
  if ((script.errors ?? []).length > 0 || script.shebang !== undefined) return null;
  const [statement, another] = script.commands;
  if (statement === undefined || another !== undefined || statement.background === true) return null;
  const { command } = statement;
  if (command.type !== 'Command' || command.name === undefined || command.prefix.length > 0) return null;
  const words: string[] = [];
  for (const word of [command.name, ...command.suffix]) {
    if (word.type !== 'Word' || !isLiteralWord(word)) return null;
    words.push(word.value);
  }
  return words;
}

/** A word whose value is known without a shell. */
export function isLiteralWord(word: Word): boolean {
  return (word.parts ?? []).every((part) => {
    if (part.type === 'Literal' || part.type === 'SingleQuoted') return true;
    return part.type === 'DoubleQuoted' && part.parts.every((child) => child.type === 'Literal');
  });
}
