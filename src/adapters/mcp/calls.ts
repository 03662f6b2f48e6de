/** What waits or runs behind the tool doors, by session, so that it can be ended when its agent forgets it. */

/** An agent whose turn was cancelled withdraws its calls at once; one that never does gets its answer after this. */
const withdrawalGraceMs = 2_000;

export class Calls {
  /** A session without calls has no entry. */
  readonly #calls = new Map<string | null, Set<AbortController>>();

  /**
   * @param ends aborted when the client withdraws the call or goes away.
   * @param call gets a signal that these and `cancel` abort. An answer after `cancel` is held back until the client has withdrawn the
   * call: to clients an answer to what they have withdrawn is an error of the connection, and some drop every tool then.
   */
  async run<T>(
    session: string | null,
    ends: readonly AbortSignal[],
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const ofSession = this.#calls.get(session) ?? new Set();
    this.#calls.set(session, ofSession.add(abort));
    try {
      const answer = await call(AbortSignal.any([abort.signal, ...ends]));
      if (abort.signal.aborted) await withdrawn(ends);
      return answer;
    } finally {
      ofSession.delete(abort);
      if (ofSession.size === 0 && this.#calls.get(session) === ofSession) this.#calls.delete(session);
    }
  }

  /** Ends every call of a session. */
  cancel(session: string): void {
    for (const abort of this.#calls.get(session) ?? []) abort.abort();
  }
}

function withdrawn(ends: readonly AbortSignal[]): Promise<void> {
  const end = AbortSignal.any([...ends, AbortSignal.timeout(withdrawalGraceMs)]);
  if (end.aborted) return Promise.resolve();
  return new Promise((resolve) => end.addEventListener('abort', () => resolve(), { once: true }));
}
