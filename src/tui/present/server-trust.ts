/** What a server's last attempt or test says about trust: a host key in question, whose, and a file of servers that nobody has trusted. Pure. */
import { readUnknownKey, toOwner, toPlaceKnown } from '../../protocol/unknown-key.ts';
import type { ServerView } from '../../protocol/view.ts';
import type { TestState } from './servers.ts';

/** Whether all that is wrong with it is that nobody has trusted the file it is in. */
export function isOfUntrustedFile({ state, problem }: ServerView): boolean {
  return state === 'broken' && /is not trusted; review it with `signalbox server trust`/.test(problem ?? '');
}

/** The sentence of the last attempt says so; a key that changed is never trusted here. */
export function hasUnknownKey(server: ServerView, test: TestState | null): boolean {
  return isUnknownKey(toProblem(server, test));
}

export function isUnknownKey(sentence: string): boolean {
  return /HOST_KEY_UNKNOWN|host key.*(not known|unknown|is not the confirmed)|unknown host key/i.test(sentence);
}

/** The fingerprint that the server offered, in its problem or its last test; null when none was seen. */
export function toOfferedKey(server: ServerView, test: TestState | null): string | null {
  return /SHA256:[A-Za-z0-9+/]{43}=?/.exec(toProblem(server, test))?.[0] ?? null;
}

/** Whose key that is: a server behind a jump host can be told of the jump host's. Null when the sentence does not say. */
export function toKeyOwner(server: ServerView, test: TestState | null): string | null {
  return toOwner(toProblem(server, test));
}

/** `ssh-ed25519`; null when the sentence does not say. */
export function toTypeOfKey(server: ServerView, test: TestState | null): string | null {
  return readUnknownKey(toProblem(server, test))?.type ?? null;
}

/** Where the user's own ssh knows that key from; null when it does not. */
export function toPlaceOfKey(server: ServerView, test: TestState | null): string | null {
  return toPlaceKnown(toProblem(server, test));
}

/** What the last attempt said: a test is newer than the problem of the connection before it. */
export function toProblem(server: ServerView, test: TestState | null): string {
  if (test?.kind === 'failed') return test.message;
  if (test?.kind === 'done') {
    return test.steps
      .filter((step) => !step.ok)
      .map((step) => step.detail)
      .join(' ');
  }
  return server.problem ?? '';
}
