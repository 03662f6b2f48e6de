/** What a login waits for from a person, as a screen shows it. Plain JSON; no answer is ever in it. */

export interface LoginView {
  readonly id: string;
  /** Whose login it is: the id of a server; null: for no login. */
  readonly server: string | null;
  /** What is missing: `the passphrase of /home/me/.ssh/id_ed25519`. */
  readonly what: string;
  /** What the server says beside it, or why it is asked again. Foreign text, null for nothing. */
  readonly note: string | null;
  /** The note is a sentence of this program; absent where it may be foreign. */
  readonly isNoteOurs?: true;
  /** A command of this machine that the question is about; foreign text, shown whole. */
  readonly command?: string;
  /** Foreign labels. Empty: nothing can be typed, something is to be done elsewhere. */
  readonly prompts: readonly { readonly label: string; readonly echo: 'shown' | 'hidden' }[];
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

/** Whose login it is, in words: an id that begins with `ssh:` is a jump host that only the ssh configuration knows, behind those named before it. */
export function toLoginPlace(server: string): string {
  return server.startsWith('ssh:') ? `the jump host ${server.replace(/^ssh:(.*,)?/, '')}` : server;
}
