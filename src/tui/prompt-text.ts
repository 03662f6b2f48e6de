/** A prompt as the view shows it, and as a person wrote it. Pure. */

/** The view names attachments in lines of their own at the end; they went with the prompt and are attached anew. */
export function toPromptText(shown: string): string {
  return shown.replace(/(\n\[attached: [^\n]*\])+$/, '');
}

/** `rest`: the prompt without the command, for the editor. */
export interface AttachWish {
  readonly path: string;
  readonly rest: string;
}

/** The first `/attach PATH` of a prompt, at its beginning or after other words; the path goes to the end of its line. */
export function toAttachWish(text: string): AttachWish | null {
  const found = /(?:^|\s)\/attach(?:[^\S\n]+([^\n]*))?(?=\n|$)/.exec(text);
  if (!found) return null;
  const rest = `${text.slice(0, found.index)}${text.slice(found.index + found[0].length)}`.trim();
  return { path: (found[1] ?? '').trim(), rest };
}

/** The name of the command that a prompt begins with, when it is none of these; a path is no command. */
export function toUnknownCommand(text: string, known: readonly string[]): string | null {
  const name = /^\/([A-Za-z][\w:.-]*)(?=\s|$)/.exec(text)?.[1];
  return name === undefined || known.includes(name) ? null : name;
}

/** What is said of attachments that do not come back with their prompt; nothing when it had none. */
export function toLoss(shown: string): string {
  return toPromptText(shown) === shown ? '' : ' What was attached to it is not kept here; attach it again.';
}
