/** `signalbox keys`: every key of the screen with its name in config.json, as it is in force here. Changes nothing. */
import type { Command } from 'commander';
import { escapeExact } from '../../base/display/escape.ts';
import { toPaths } from '../../runtime/paths.ts';
import { type Binding, toKeyText } from '../../tui/keymap.ts';
import { toKeyId } from '../../tui/keymap-config.ts';
import { bindings } from '../../tui/keymap-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CliIo, ioOf, printJson, printLine, printNote, printTable } from '../output.ts';
import { readScreenSettings, type ScreenSettings } from '../screen-settings.ts';

export function register(program: Command): void {
  program
    .command('keys')
    .argument('[words...]', 'only rows with all of these words')
    .description('list every key of the screen, with its name in config.json')
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((words: string[], options: { json?: true }, command: Command) => list(ioOf(command), words, options));
}

const help = `
config.json changes keys: {"screen": {"keys": {"pane.zoom": ["z", "f4"], "card.makeRule": []}}}. An entry replaces all keys of that action
in that place; an empty list takes them away. A key is a character, a name such as "pageup", or one of them after "ctrl-", "alt-", "shift-".

Examples:
  signalbox keys
  signalbox keys zoom
  signalbox keys --json

Exits with 2 when config.json asks for a key that it cannot have.
`;

function list(io: CliIo, words: readonly string[], options: { readonly json?: true }): void {
  const paths = toPaths(io.env);
  const settings = readScreenSettings(paths.configFile, paths.config, io.env);
  const { prefix, keys } = settings;
  const rows = keys.bindings.filter((binding) => isFound(binding, words));
  if (keys.problems.length > 0) io.exitCode = exitCodes.usage;
  if (options.json) {
    printJson(io, { prefix, keys: rows.map(toRecord), problems: keys.problems, notes: keys.notes });
    return;
  }
  printKeys(io, rows, settings);
  for (const sentence of [...keys.problems, ...keys.notes]) printNote(io, escapeExact(sentence));
}

function printKeys(io: CliIo, rows: readonly Binding[], { prefix }: ScreenSettings): void {
  printLine(io, `The prefix is ${toKeyText(prefix)} ("screen.prefix"); keys of "prefix" come after it.`);
  printTable(
    io,
    ['NAME', 'KEYS', 'WHAT IT DOES'],
    rows.map((binding) => {
      const shown = binding.keys.length === 0 ? 'none' : binding.keys.map(toKeyText).join(' ');
      return [toKeyId(binding), isChanged(binding) ? `${shown} (yours)` : shown, binding.help];
    }),
  );
}

function toRecord(binding: Binding) {
  const { scope, action, keys, label, help: sentence } = binding;
  return { name: toKeyId(binding), scope, action, keys, usual: usualOf(binding), label, help: sentence };
}

function usualOf(binding: Binding): readonly string[] {
  return bindings.find((usual) => toKeyId(usual) === toKeyId(binding))?.keys ?? [];
}

function isChanged(binding: Binding): boolean {
  return usualOf(binding).join(' ') !== binding.keys.join(' ');
}

function isFound(binding: Binding, words: readonly string[]): boolean {
  const text = `${toKeyId(binding)} ${binding.label} ${binding.help} ${binding.keys.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
