/** The files that go with the next prompt, of each session its own: what was attached for one agent never reaches another. */
import type { AttachmentView } from '../protocol/methods.ts';

/** Sessions whose files are held at once, each some megabytes at most; what was attached longest ago is let go first. */
const sessionsMax = 16;

export class PromptAttachments {
  readonly #files = new Map<string, readonly AttachmentView[]>();

  /** `session` is empty while none is shown: what is attached then goes with the first prompt of the first one, as what is written does. */
  of(session: string): readonly AttachmentView[] {
    const early = this.#files.get('');
    if (session !== '' && early && !this.#files.has(session)) {
      this.set('', []);
      this.set(session, early);
    }
    return this.#files.get(session) ?? [];
  }

  set(session: string, files: readonly AttachmentView[]): void {
    this.#files.delete(session);
    if (files.length > 0) this.#files.set(session, files);
    const [oldest] = this.#files.keys();
    if (this.#files.size > sessionsMax && oldest !== undefined) this.#files.delete(oldest);
  }
}
