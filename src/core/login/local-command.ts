/**
 * Commands of this machine that the ssh configuration wants run before a server can be reached (ProxyCommand, Match exec). Each is asked about
 * once, as it stands: whoever writes that configuration may be a program. It runs nothing, and knows no file.
 */

import type { Event } from '../../base/event.ts';

export interface LocalCommand {
  /** The id of the server that it leads to; null: it decides what the configuration says, whichever server is looked up. */
  readonly server: string | null;
  /** The very text that a shell is given, every token replaced: what is shown is what runs. */
  readonly text: string;
}

/** The library of a token (PKCS11Provider) runs here as well, inside a program of OpenSSH: asked about in the same way, as this text. */
export function toLibraryText(path: string): string {
  return `${libraryWord} ${path}`;
}

export function isLibrary({ text }: LocalCommand): boolean {
  return text.startsWith(`${libraryWord} `);
}

const libraryWord = 'PKCS11Provider';

/** The operator's leave for local commands. */
export interface LocalCommands {
  /** After a person allowed one. */
  readonly onAllowed: Event<void>;
  /** Of exactly this text for exactly this server; asks nobody. */
  isAllowed(command: LocalCommand): Promise<boolean>;
  /**
   * Resolves once it is allowed, from earlier or now by a person; `asker` is the id of the server somebody wants to reach. Throws CONFIG_INVALID,
   * which names the command that allows it and not the text: an agent may read it; CANCELLED when the signal aborts.
   */
  demand(command: LocalCommand, asker: string, signal?: AbortSignal): Promise<void>;
}

/** How a connection is made by such a command, instead of to host and port. */
export interface ProxySettings {
  /** For a shell, every token replaced. To run only with the operator's leave. */
  readonly command: string;
  /** Variables of our environment that hold secrets of servers, and are not the command's business. */
  readonly secretVariables: readonly string[];
}
