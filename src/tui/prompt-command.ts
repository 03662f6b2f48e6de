/**
 * Our own commands written in the prompt, as `/model`: those of the palette, where the agent has none of the same name. Only what a command
 * takes may follow it; any other text stays a prompt. Sends nothing.
 */
import { type Command, commands } from './actions/commands.ts';
import { toKeyText } from './key-text.ts';
import { keyWord } from './key-words.ts';
import { keysInForce } from './keys-in-force.ts';
import type { Stage } from './pane.ts';
import type { OwnCommand } from './prompt-completion.ts';

/** What is about the prompt and who answers it comes first. */
const firstNames: readonly string[] = ['attach', 'model', 'mode', 'agent', 'new', 'export', 'help'];

/** For the list below the prompt. */
export function toOwnCommands(): readonly OwnCommand[] {
  const first = firstNames.flatMap((name) => commands.find((command) => command.name === name) ?? []);
  return [...new Set([...first, ...commands])].map((command) => ({
    name: command.name,
    description: `signalbox: ${command.help ?? keysInForce().find(({ action }) => action === command.action)?.help ?? ''}`,
    takesMore: takesMore(command),
  }));
}

/** Does what the text says; null when it is no command of ours, or more follows than the command takes. */
export function toOwnRun(stage: Stage, text: string): (() => void) | null {
  const found = /^\/(\S+)(?:[^\S\n]+(\S[^\n]*))?\s*$/.exec(text);
  const command = commands.find(({ name }) => name === found?.[1]);
  const rest = found?.[2]?.trim() ?? '';
  if (!command || (rest !== '' && !takesMore(command))) return null;
  return () => command.run({ stage, detach: () => stage.perform('detach') }, rest);
}

/** Where the command of this name can be found when the text as a whole is none. */
export function toOwnWay(stage: Stage, name: string): string {
  if (!commands.some((command) => command.name === name)) return '';
  return `; ${toKeyText(stage.model.words.prefix)} ${keyWord('prefix', 'palette')} ${name} does it here`;
}

function takesMore({ words, free }: Command): boolean {
  return words !== undefined || free !== undefined;
}
