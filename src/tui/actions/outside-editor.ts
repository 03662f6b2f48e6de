/**
 * The prompt in the editor of this person: the text goes into a file that only they can read, and comes back from it. Knows no widget.
 */
export type OutsideEdit =
  | { readonly kind: 'changed'; readonly text: string }
  | { readonly kind: 'unchanged' }
  /** The text stays what it was; the sentence says why. */
  | { readonly kind: 'failed'; readonly sentence: string };

/** `run` lends the terminal and gives the exit status. `charactersMax`: a longer text stays in its file, which the sentence names. */
export async function editOutside(
  text: string,
  argv: readonly string[],
  run: (argv: readonly string[]) => Promise<number>,
  charactersMax: number,
): Promise<OutsideEdit> {
  const [{ mkdtemp, readFile, rm, writeFile }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  // The folder is made with mode 0700, so the file's name is nobody else's to guess or to replace.
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-prompt-'));
  const file = join(folder, 'prompt.md');
  let isKept = false;
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    const status = await run([...argv, file]);
    const name = argv[0] ?? '';
    if (status === -1) return fail(`${name} could not be started; set VISUAL or EDITOR.`);
    if (status !== 0) return fail(`${name} ended with status ${status}, so the prompt stays as it was.`);
    // Editors end the last line; a prompt need not.
    const edited = (await readFile(file, 'utf8')).replace(/\r\n?/g, '\n').replace(/\n$/, '');
    if (edited.length > charactersMax) {
      isKept = true;
      return fail(`What you wrote is too long for a prompt; it is in ${file}.`);
    }
    return edited === text.replace(/\n$/, '') ? { kind: 'unchanged' } : { kind: 'changed', text: edited };
  } catch (error) {
    return fail(`The prompt stays as it was: ${(error as Error).message}.`);
  } finally {
    if (!isKept) await rm(folder, { recursive: true, force: true });
  }
}

function fail(sentence: string): OutsideEdit {
  return { kind: 'failed', sentence };
}
