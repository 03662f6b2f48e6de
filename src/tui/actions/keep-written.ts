/**
 * What a person wrote for a request that waits no longer, put into a file that only they can read: it is not lost with the editor. Like any
 * temporary file it goes when the machine's own are cleared. Knows no widget.
 */

/** Resolves with the sentence that says where it is, or why it is nowhere; never rejects. */
export async function keepWritten(text: string, fileName: string): Promise<string> {
  const [{ mkdtemp, writeFile }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  try {
    // The folder is made with mode 0700, so the file's name is nobody else's to guess or to replace.
    const file = join(await mkdtemp(join(tmpdir(), 'signalbox-kept-')), fileName);
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return `What you wrote is in ${file}.`;
  } catch (error) {
    return `What you wrote could not be kept: ${(error as Error).message}.`;
  }
}
