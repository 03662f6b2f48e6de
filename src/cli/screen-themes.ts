/**
 * The themes in their files: the operator's own folder first, then the package. Finds, lists and reads them, and is the screen's choice among
 * them. Draws nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../base/nearest.ts';
import { darkTheme, parseTheme, type Theme } from '../tui/theme.ts';
import type { ThemeChoice, ThemeEntry } from '../tui/theme-choice.ts';
import { packageFolder } from './version.ts';

export const autoTheme = 'auto';
/** A folder with more files than this is not one of themes. */
const themesMax = 200;

export type FoundTheme =
  | { readonly theme: Theme; readonly problem: null }
  /** One sentence, with the name that was probably meant. */
  | { readonly theme: null; readonly problem: string };

/** `config` is the folder of `config.json`. */
export function findTheme(name: string, config: string): FoundTheme {
  if (name === darkTheme.name) return { theme: darkTheme, problem: null };
  for (const folder of foldersOf(config)) {
    const file = join(folder, `${name}.json`);
    const text = /^[\w-]+$/.test(name) ? readText(file) : null;
    if (text === null) continue;
    try {
      return { theme: parseTheme(parseJson(text, file), file), problem: null };
    } catch (error) {
      return { theme: null, problem: (error as Error).message };
    }
  }
  const names = [autoTheme, ...namesOf(config).map((entry) => entry.name)];
  const meant = nearest(name, names);
  const next = meant === null ? `; there are ${names.join(', ')}.` : `; did you mean "${meant}"?`;
  return {
    theme: null,
    problem: `There is no readable theme "${name}" in ${join(config, 'themes')} or among ours${next}`,
  };
}

/** Ours, then the operator's own; one of theirs that has the name of one of ours takes its place. */
export function listThemes(config: string): readonly ThemeEntry[] {
  return namesOf(config).map(({ name, isOwn }) => {
    const { theme, problem } = findTheme(name, config);
    return { name, comment: theme?.comment ?? '', isOwn, problem };
  });
}

export interface ThemeChoiceOptions {
  readonly config: string;
  readonly chosen: string;
  /** What `auto` means on this terminal now. */
  background(): 'light' | 'dark';
  show(theme: Theme): void;
  /** Writes the name down; its errors are sentences. */
  write(name: string): Promise<void>;
}

export function createThemeChoice(options: ThemeChoiceOptions): ThemeChoice {
  const { config } = options;
  let { chosen } = options;
  const show = (name: string): string | null => {
    const found = findTheme(name === autoTheme ? options.background() : name, config);
    if (found.theme) options.show(found.theme);
    return found.problem;
  };
  return {
    get chosen() {
      return chosen;
    },
    list: () => [
      { name: autoTheme, comment: 'Light or dark, as the terminal says it is.', isOwn: false, problem: null },
      ...listThemes(config),
    ],
    show,
    async keep(name) {
      const problem = show(name);
      if (problem !== null) return problem;
      chosen = name;
      try {
        await options.write(name);
        return null;
      } catch (error) {
        return `It is shown, but not kept: ${(error as Error).message}`;
      }
    },
  };
}

/** Reads no theme: a file that cannot be read has a name all the same. */
function namesOf(config: string): readonly { readonly name: string; readonly isOwn: boolean }[] {
  const [own = [], ours = []] = foldersOf(config).map(namesIn);
  return [
    ...ours.filter((name) => !own.includes(name)).map((name) => ({ name, isOwn: false })),
    ...own.map((name) => ({ name, isOwn: true })),
  ];
}

function foldersOf(config: string): readonly string[] {
  return [join(config, 'themes'), join(packageFolder(), 'themes')];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .flatMap((file) => /^([\w-]+)\.json$/.exec(file)?.[1] ?? [])
      .sort()
      .slice(0, themesMax);
  } catch {
    // Most people have no folder of their own; one that cannot be read offers nothing either.
    return [];
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No such file, or none that can be read: the caller's sentence says that it is not readable.
    return null;
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}.`);
  }
}
