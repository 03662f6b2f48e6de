/** All sessions of the host: creates them with their folder, token and socket, finds them, and ends them. One that fails never touches another. */

import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Disposables } from '../../base/lifecycle.ts';
import type { Caller } from '../../core/caller.ts';
import { OperationError } from '../../core/codes.ts';
import type { KeptPrompt, KeptSession } from '../../core/kept-session.ts';
import { limits } from '../../core/limits.ts';
import type { Repeated } from '../../core/repeat-guard.ts';
import type { Params, Result } from '../../protocol/methods.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import type { HostParts } from '../parts.ts';
import type { ViewStore } from '../view-store.ts';
import { answerHeld } from './held-prompts.ts';
import { toLeftSession, toNewSession, toSessionView } from './new-session.ts';
import { noteOperations } from './operation-notes.ts';
import type { OperationEntry } from './read-transcript.ts';
import type { AgentChoice } from './seat.ts';
import { Session } from './session.ts';
import { readSessionFiles, SessionFile } from './session-file.ts';
import { newSessionId } from './session-id.ts';
import { SessionScope } from './session-scope.ts';
import { startSeat } from './start-seat.ts';
import { TokenBook } from './token-book.ts';
import { Transcript } from './transcript.ts';
import { readTranscriptEnd, toTranscriptPath } from './transcript-file.ts';
import { TranscriptKeeper } from './transcript-keeper.ts';

export class Sessions {
  readonly #parts: HostParts;
  readonly #store: ViewStore;
  readonly #addNotice: (text: string) => void;
  readonly #sessions = new Map<string, Session>();
  readonly #files = new Map<string, SessionFile>();
  readonly #scopes = new Map<string, SessionScope>();
  readonly #transcripts = new Map<string, Transcript>();
  readonly #tokens = new TokenBook();
  readonly #subscriptions = new Disposables();
  readonly #keeper: TranscriptKeeper;
  readonly #ending = new Set<string>();
  #isClosed = false;

  /** @param addNotice tells all screens what an operator must know. */
  constructor(parts: HostParts, store: ViewStore, addNotice: (text: string) => void) {
    this.#parts = parts;
    this.#addNotice = addNotice;
    this.#store = store;
    for (const folder of [parts.paths.sessionsFolder, parts.paths.toolSocketsFolder, parts.paths.workFolder])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { audit, clock, log, paths, settings } = parts;
    this.#keeper = new TranscriptKeeper({
      ...{ audit, clock, log, sessionsFolder: paths.sessionsFolder, bytesMax: settings.transcriptsBytesMax },
      liveSessions: () => new Set(Object.keys(store.view.sessions)),
    });
    if (parts.repeats) this.#subscriptions.add(parts.repeats.onRepeated((repeated) => this.#handleRepeated(repeated)));
    const refresh = (caller: Caller): void => {
      if (caller.session !== null) this.#sessions.get(caller.session)?.refreshState();
    };
    const note = (id: string, entry: OperationEntry): void => this.#sessions.get(id)?.note(entry);
    this.#subscriptions.add(noteOperations(parts.gate, parts.clock, note));
    this.#subscriptions.add(parts.approvals.onAdded((approval) => refresh(approval.caller)));
    this.#subscriptions.add(parts.approvals.onRemoved(({ approval }) => refresh(approval.caller)));
  }

  /**
   * Starts an agent and resolves with the session's id once it runs. Rejects with OperationError: unknown server, too many
   * sessions, an agent that is unknown, not installed or disabled, or one that ends while it starts. Then nothing is left behind: the error
   * says it all. Only words that somebody wrote to it meanwhile keep the session, as failed.
   */
  async create(params: Params<'session.new'>, workspace: string | null): Promise<string> {
    if (this.#isClosed) throw new OperationError('CANCELLED', 'The host is stopping; start it again for new sessions.');
    const servers = [...new Set(params.servers)];
    for (const server of servers) await this.#parts.registry.resolve(server, workspace);
    await this.#makeRoom();
    const id = newSessionId((taken) => this.#isTaken(taken));
    const kept = toNewSession(id, params, servers, workspace, this.#parts.clock.nowMs());
    const session = this.#add(kept, [], 'starting');
    try {
      if (params.prompt !== undefined) session.prompt(params.prompt);
      await session.start();
    } catch (error) {
      if (!this.#isWrittenTo(id, params.prompt)) await this.#discard(id);
      throw error;
    }
    return id;
  }

  /** Brings back the sessions that an earlier host had, without their agents: those start with the next prompt. */
  async restore(): Promise<void> {
    const { sessionsFolder } = this.#parts.paths;
    const { sessions, broken } = await readSessionFiles(sessionsFolder);
    for (const name of broken)
      this.#addNotice(
        `${join(sessionsFolder, name)} is damaged; its session is not brought back. Its transcript is whole.`,
      );
    for (const kept of sessions.slice(-limits.sessionsMax)) await this.#bringBack(kept);
    // No client waits for it.
    void this.#keeper.keepBound();
  }

  /** As `find`, also one that made room for others or for which there was none; it comes back as a restored one does. */
  async wake(id: string): Promise<Session> {
    if (this.#sessions.has(id) || this.#isClosed) return this.find(id);
    const { sessions } = await readSessionFiles(this.#parts.paths.sessionsFolder);
    const kept = sessions.find((one) => one.id === id);
    if (kept) await this.#makeRoom();
    if (kept && !this.#sessions.has(id)) await this.#bringBack(kept);
    return this.find(id);
  }

  /** As `Session.switchTo`, of a session that `wake` finds. */
  async switchAgent(id: string, agent: AgentChoice): Promise<void> {
    const session = await this.wake(id);
    const known = await this.#parts.agents.list();
    await session.switchTo(
      agent,
      known.map((one) => one.id),
    );
  }

  /** These servers are meant as they are now; the agents end, since they were started without them. */
  async confirmServers(id: string, servers: readonly string[]): Promise<void> {
    const session = await this.wake(id);
    await session.rest();
    await this.#scopes.get(id)?.confirm(servers);
  }

  /** As `answerHeld`. */
  async resend(id: string, how: 'send' | 'drop'): Promise<Result<'session.resend'>> {
    const onChange = (heldPrompts: readonly KeptPrompt[]): void =>
      this.#store.publish({ type: 'session.changed', id, change: { heldPrompts } });
    return answerHeld(await this.wake(id), how, onChange);
  }

  /** Resolves when all that was complete by now is on the disk. */
  async flush(): Promise<void> {
    await Promise.all([...this.#transcripts.values(), ...this.#files.values()].map((one) => one.idle()));
  }

  /** Says something to a session's operator and agent; one that is gone has nobody to hear it. */
  tell(id: string, sentence: string): void {
    this.#sessions.get(id)?.tell(sentence);
  }

  /** Throws INVALID_ARGUMENT for an id that is not there. */
  find(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session)
      throw new OperationError('INVALID_ARGUMENT', `There is no session ${id}; \`signalbox ls\` shows them.`);
    return session;
  }

  /** Ends the agents, closes their doors and takes the session out of the view; its transcript and work folder stay. */
  async kill(id: string): Promise<void> {
    await this.wake(id);
    this.#files.get(id)?.remove();
    await this.#end(id, 'for good');
    void this.#keeper.keepBound();
  }

  /** No new sessions, and no new tool clients in those that run. */
  close(): void {
    this.#isClosed = true;
  }

  /** Ends all agents at once; the next host goes on with their sessions. Rejects with the errors of those that could not be ended, after all were tried. */
  async dispose(): Promise<void> {
    this.close();
    this.#subscriptions.dispose();
    const ends = await Promise.allSettled([...this.#sessions.keys()].map((id) => this.#end(id, 'with the host')));
    await this.#keeper.idle();
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'Some agents could not be ended.');
  }

  async #end(id: string, how: 'for good' | 'with the host'): Promise<void> {
    this.#ending.add(id);
    try {
      await this.find(id).end(how);
      await this.#files.get(id)?.idle();
    } finally {
      this.#forgetGrants(id);
      this.#ending.delete(id);
      this.#sessions.delete(id);
      this.#files.delete(id);
      this.#scopes.delete(id);
      this.#transcripts.delete(id);
      this.#store.publish({ type: 'session.removed', id });
    }
  }

  /** By somebody else than its maker, with other words than the first prompt. */
  #isWrittenTo(id: string, firstPrompt = ''): boolean {
    const { queuedPrompts = [], items = [] } = this.#store.view.sessions[id] ?? {};
    const written = items.flatMap((item) => (item.kind === 'user' ? [item.text] : []));
    return [...queuedPrompts, ...written].some((text) => !firstPrompt.includes(text));
  }

  /** As if it had never been: it had no turn, so there is nothing to look at. One that was ended meanwhile is gone already. */
  async #discard(id: string): Promise<void> {
    if (this.#isClosed || !this.#sessions.has(id) || this.#ending.has(id)) return;
    this.#files.get(id)?.remove();
    const { log, paths } = this.#parts;
    try {
      await this.#end(id, 'with the host');
      await rm(toTranscriptPath(paths.sessionsFolder, id), { force: true });
      await rm(join(paths.workFolder, id), { force: true, recursive: true });
    } catch (error) {
      // Why it did not start is what counts for whoever waits.
      log(`session ${id}: what was left of its start could not be removed: ${(error as Error).message}`);
    }
  }

  async #bringBack(kept: KeptSession): Promise<void> {
    const end = await readTranscriptEnd(toTranscriptPath(this.#parts.paths.sessionsFolder, kept.id));
    if (this.#sessions.has(kept.id)) return;
    this.#add(toLeftSession(kept, end), end.items, 'resting');
    // A server that is not there any more is told when the agent is to start.
    await this.#scopes
      .get(kept.id)
      ?.check()
      .catch(() => undefined);
  }

  #add(kept: KeptSession, items: readonly ConversationItem[], state: 'starting' | 'resting'): Session {
    const { id } = kept;
    const { clock, paths, redactor, approvals, repeats } = this.#parts;
    const transcript = new Transcript(toTranscriptPath(paths.sessionsFolder, id), redactor, this.#addNotice);
    const file = new SessionFile(paths.sessionsFolder, id, redactor, this.#addNotice);
    this.#files.set(id, file);
    this.#transcripts.set(id, transcript);
    const view = toSessionView(kept, items, state);
    if (state === 'starting') {
      const { servers, workspace, createdAtMs } = kept;
      transcript.append({ type: 'open', id, agent: view.agent, servers, workspace, atMs: createdAtMs });
    }
    this.#store.publish({ type: 'session.added', session: view });
    const isClosed = (): boolean => this.#isClosed;
    const session: Session = new Session({
      ...{ kept, clock, transcript },
      publish: (event) => this.#store.publish(event),
      items: () => this.#store.view.sessions[id]?.items ?? [],
      closeIdleAfterMs: this.#parts.settings.closeIdleAgentsAfterMs,
      start: (agent, how) =>
        startSeat(this.#parts, { session, scope, kept, seat: { agent, ...how }, tokens: this.#tokens, isClosed }),
      keep: (next) => file.write(next),
      onTurnBegin: () => repeats?.beginTurn(id),
      onAgentChange: () => this.#forgetGrants(id),
      waitingCards: () => approvals.list().filter(({ caller }) => caller.session === id).length,
    });
    const scope = new SessionScope({
      ...{ session, registry: this.#parts.registry },
      onChange: (change) => this.#store.publish({ type: 'session.changed', id, change }),
    });
    this.#scopes.set(id, scope);
    this.#sessions.set(id, session);
    return session;
  }

  #handleRepeated({ session, tool, server, refusals, message }: Repeated): void {
    const what = `${tool}${server === null ? '' : ` on ${server}`}`;
    const why = `Paused after ${refusals} identical refusals of ${what} (${message}); prompt it again to go on.`;
    if (!this.#sessions.get(session)?.pause(why)) return;
    this.#parts.log(`session ${session}: paused after ${refusals} identical refusals of ${what}`);
    this.#addNotice(
      `Session ${session} is paused after ${refusals} identical refusals of ${what}; prompt it again to go on.`,
    );
  }

  /** What was granted, and what was counted, belonged to an agent that is gone. */
  #forgetGrants(id: string): void {
    this.#parts.gate.endSession(id);
    this.#parts.repeats?.endSession(id);
  }

  /** Sessions whose agent does not run make room for new ones, the oldest first; they come back with the next host. */
  async #makeRoom(): Promise<void> {
    if (this.#sessions.size < limits.sessionsMax) return;
    const away = [...this.#sessions.values()].find((session) => !session.isAlive);
    if (!away)
      throw new OperationError(
        'INVALID_ARGUMENT',
        `${limits.sessionsMax} sessions run already; end one with \`signalbox kill\` before starting another.`,
      );
    await this.#end(away.id, 'with the host');
  }

  #isTaken(id: string): boolean {
    const { sessionsFolder, workFolder } = this.#parts.paths;
    return (
      this.#sessions.has(id) || existsSync(toTranscriptPath(sessionsFolder, id)) || existsSync(join(workFolder, id))
    );
  }
}
