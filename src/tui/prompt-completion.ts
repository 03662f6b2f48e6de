/**
 * What the word before the cursor of the prompt could become: a command of the agent, a server, a path on one, a file of this machine. Pure.
 */

import type { SessionView } from '../protocol/view.ts';
import { keyWord } from './key-words.ts';

export type CompletionPlace =
  | { readonly kind: 'command'; readonly prefix: string }
  | { readonly kind: 'server'; readonly prefix: string }
  /** `folder` ends with a slash; `prefix` is what follows it. */
  | { readonly kind: 'remote'; readonly server: string; readonly folder: string; readonly prefix: string }
  /** What follows the colon is no path of a server: these begin with a slash. */
  | { readonly kind: 'no path'; readonly server: string; readonly prefix: string }
  | { readonly kind: 'local'; readonly path: string };

/** Foreign texts. */
export interface Candidate {
  /** The whole word; it begins with the prefix. */
  readonly word: string;
  readonly description: string;
  /** What is put behind it when it is the only one. */
  readonly after: string;
}

/** A command of the program itself. */
export interface OwnCommand {
  readonly name: string;
  readonly description: string;
  readonly takesMore: boolean;
}

export const attachCommand = '/attach';

/** Null where nothing can be completed. */
export function toCompletionPlace(text: string, cursor: number): CompletionPlace | null {
  const before = text.slice(0, cursor);
  const local = /^\/attach +(.*)$/s.exec(before);
  if (local) return { kind: 'local', path: local[1] ?? '' };
  const command = /^\/(\S*)$/.exec(before);
  if (command) return { kind: 'command', prefix: command[1] ?? '' };
  const word = /(?:^|\s)@(\S*)$/.exec(before)?.[1];
  if (word === undefined) return null;
  const colon = word.indexOf(':');
  if (colon === -1) return { kind: 'server', prefix: word };
  const path = word.slice(colon + 1);
  if (!path.startsWith('/')) return { kind: 'no path', server: word.slice(0, colon), prefix: path };
  const slash = path.lastIndexOf('/') + 1;
  return { kind: 'remote', server: word.slice(0, colon), folder: path.slice(0, slash), prefix: path.slice(slash) };
}

/** Of the agent's commands, then of those of the program itself that the agent has not. */
export function toCommandCandidates(
  { commands }: Pick<SessionView, 'commands'>,
  own: readonly OwnCommand[],
  prefix: string,
): readonly Candidate[] {
  const others = own.filter(({ name }) => !commands.some((command) => command.name === name));
  return [
    ...commands.map(({ name, description, hint }) => ({
      word: name,
      description: toHinted(description, hint),
      after: ' ',
    })),
    ...others.map(({ name, description, takesMore }) => ({ word: name, description, after: takesMore ? ' ' : '' })),
  ].filter(({ word }) => word.startsWith(prefix));
}

function toHinted(description: string, hint: string | undefined): string {
  return hint === undefined ? description : `${description} (${hint})`;
}

export function toServerCandidates(servers: readonly string[], prefix: string): readonly Candidate[] {
  return servers
    .filter((id) => id.startsWith(prefix))
    .map((word) => ({ word, description: `${keyWord('prompt', 'completePrompt')} goes on to its paths`, after: '' }));
}

/** What all candidates have beyond the prefix, and what follows when there is but one. */
export function toInsertion(candidates: readonly Candidate[], prefix: string): string {
  const [first] = candidates;
  if (!first) return '';
  if (candidates.length === 1) return `${first.word.slice(prefix.length)}${first.after}`;
  const common = candidates.reduce((shared, { word }) => {
    let length = 0;
    while (length < shared.length && shared[length] === word[length]) length += 1;
    return shared.slice(0, length);
  }, first.word);
  return common.slice(prefix.length);
}
