/**
 * Commands that are no action of the table of keys as entries of the palette, and what can follow the command that was typed.
 */
import { type CommandPorts, commands, findCommand } from '../actions/commands.ts';
import { keysInForce } from '../keys-in-force.ts';
import type { PaletteEntry } from './palette-entry.ts';

const plain = { key: null, disabled: null, group: 'Command' };

export function toCommandEntries(ports: CommandPorts): readonly PaletteEntry[] {
  return commands
    .filter(({ action }) => action === undefined)
    .map((command) => ({
      ...plain,
      ...{ id: `command ${command.name}`, title: command.name, detail: command.help ?? '', command: command.name },
      run: () => command.run(ports, ''),
    }));
}

/** One word that can follow a command. */
export function isArgument({ id }: PaletteEntry): boolean {
  return id.startsWith('argument ');
}

/** What can follow, when a command that takes something and a blank were typed; null otherwise. `rest` is what was typed of it. */
export function toArgumentEntries(
  ports: CommandPorts,
  text: string,
): { readonly entries: readonly PaletteEntry[]; readonly rest: string } | null {
  if (!/^\s*\S+\s/.test(text)) return null;
  const { command, rest } = findCommand(text);
  if (!command || (command.words === undefined && command.free === undefined)) return null;
  const { name } = command;
  const detail = command.help ?? keysInForce().find(({ action }) => action === command.action)?.help ?? '';
  const toEntry = (word: string): PaletteEntry => ({
    ...plain,
    ...{ id: `argument ${name} ${word}`, title: word, command: `${name} ${word}` },
    detail: command.toDetail?.(ports, word) ?? detail,
    run: () => command.run(ports, word),
  });
  const free = command.free === undefined || rest === '' ? [] : [{ ...toEntry(rest), group: command.free }];
  return { entries: [...(command.words?.(ports).map(toEntry) ?? []), ...free], rest };
}
