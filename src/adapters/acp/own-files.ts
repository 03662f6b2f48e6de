/** Where a person's own files of an agent are: below their HOME, or where a variable of their environment puts them, as the agent itself would look. It reads nothing. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { escapeExact } from '../../base/display/escape.ts';
import type { AgentProfile, OwnFile } from './catalogue/profile.ts';

/** Whose files they are. */
export interface Person {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface OwnPlace {
  /** Absolute. */
  readonly path: string;
  /** The same for people, escaped: `~/.codex/auth.json`. */
  readonly words: string;
}

export function toPerson(env: NodeJS.ProcessEnv): Person {
  return { home: env.HOME || homedir(), env };
}

/** Null where the variable that names it is not set. */
export function toOwnPlace({ movedBy }: Pick<AgentProfile, 'movedBy'>, file: OwnFile, person: Person): OwnPlace | null {
  if (typeof file !== 'string') {
    const named = toFolder(file.variable, person);
    return named === null ? null : toPlace(join(named, file.below), person);
  }
  for (const { variable, folder, to = '' } of movedBy) {
    const named = folder === '' || file.startsWith(`${folder}/`) ? toFolder(variable, person) : null;
    if (named !== null) return toPlace(join(named, to, folder === '' ? file : file.slice(folder.length + 1)), person);
  }
  return toPlace(join(person.home, file), person);
}

/** What a variable names; null where it is not set. A path from nowhere means another folder wherever the agent is started, so it names none. */
function toFolder(variable: string, { home, env }: Person): string | null {
  const value = env[variable] ?? '';
  if (value === '~' || value.startsWith('~/')) return join(home, value.slice(1));
  return isAbsolute(value) ? value : null;
}

function toPlace(path: string, { home }: Person): OwnPlace {
  const isBelow = path.startsWith(join(home, '/'));
  return { path, words: escapeExact(isBelow ? join('~', path.slice(home.length)) : path) };
}
