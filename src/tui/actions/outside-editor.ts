/**
 * A prompt or a proposed change in the editor of this person: the text goes into a file that only they can read, and comes back from it. Knows no widget.
 */
export type OutsideEdit =
  | { readonly kind: 'changed'; readonly text: string }
  | { readonly kind: 'unchanged' }
  /** The text stays what it was; the sentence says why. */
  | { readonly kind: 'failed'; readonly sentence: string };

export interface EditedText {
  /** As sentences call it: the prompt. */
  readonly what: string;
  readonly text: string;
  /** Tells the editor the language; nothing else looks at it. */
  readonly fileName: string;
  /** Words: line ends are made `\n`, and the last one is no part of them. Exact: only one that the editor alone has put there is left out. */
  readonly kind: 'words' | 'exact';
  /** A longer text stays in its file, which the sentence names. */
  readonly charactersMax: number;
}

/** `run` lends the terminal and gives the exit status. */
export async function editOutside(
  { what, text, fileName, kind, charactersMax }: EditedText,
  argv: readonly string[],
  run: (argv: readonly string[]) => Promise<number>,
): Promise<OutsideEdit> {
  const [{ mkdtemp, readFile, rm, writeFile }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  // The folder is made with mode 0700, so the file's name is nobody else's to guess or to replace.
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-prompt-'));
  const file = join(folder, fileName);
  let isKept = false;
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    const status = await run([...argv, file]);
    const name = argv[0] ?? '';
    if (status === -1) return fail(`${name} could not be started; set VISUAL or EDITOR.`);
    if (status !== 0) return fail(`${name} ended with status ${status}, so ${what} stays as it was.`);
    const written = await readFile(file, 'utf8');
    const edited = kind === 'words' ? toWords(written) : toExact(written, text);
    if (edited.length > charactersMax) {
      isKept = true;
      return fail(`What you wrote is too long to come back here; it is in ${file}.`);
    }
    return edited === (kind === 'words' ? toWords(text) : text)
      ? { kind: 'unchanged' }
      : { kind: 'changed', text: edited };
  } catch (error) {
    return fail(`${what[0]?.toUpperCase()}${what.slice(1)} stays as it was: ${(error as Error).message}.`);
  } finally {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  }
}

/** Editors end the last line; a prompt need not. */
function toWords(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
}

function toExact(written: string, before: string): string {
  return before.endsWith('\n') ? written : written.replace(/\n$/, '');
}

function fail(sentence: string): OutsideEdit {
  return { kind: 'failed', sentence };
}
