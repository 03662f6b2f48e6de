/**
 * Completion in the prompt: shows what the word at the cursor could become, and fills it in on Tab. Only Tab asks a server or a disk.
 */

import type { Disposable } from '../base/lifecycle.ts';
import { keyWord } from './key-words.ts';
import type { Stage } from './pane.ts';
import { foreign } from './present/text.ts';
import { toOwnCommands } from './prompt-command.ts';
import {
  type Candidate,
  type CompletionPlace,
  toCommandCandidates,
  toCompletionPlace,
  toInsertion,
  toServerCandidates,
} from './prompt-completion.ts';
import { RemoteFolders } from './remote-folders.ts';
import type { Editor } from './widgets/editor.ts';

export interface Suggestions {
  readonly candidates: readonly Candidate[];
  /** What is being done about more of them, escaped; null when nothing is. */
  readonly note: string | null;
  /** The row that the arrows chose; null while they were not used. */
  readonly chosenAt: number | null;
}

export class PromptCompleter implements Disposable {
  readonly #stage: Stage;
  readonly #toEditor: () => Editor;
  readonly #folders: RemoteFolders;
  /** What the arrows chose, and the text that they chose it for. */
  #choice: { readonly text: string; readonly at: number } | null = null;
  #local: { readonly path: string; readonly candidates: readonly Candidate[] } | null = null;

  /** @param toEditor the editor that is shown now. */
  constructor(stage: Stage, toEditor: () => Editor) {
    this.#stage = stage;
    this.#toEditor = toEditor;
    this.#folders = new RemoteFolders(stage.model.host, stage.model.clock);
  }

  suggestions(): Suggestions {
    const place = this.#place();
    if (!place) return { candidates: [], note: null, chosenAt: null };
    const { listing } = this.#folders;
    const isListing = place.kind === 'remote' && listing === `${place.server}:${place.folder}`;
    const candidates = this.#known(place) ?? [];
    const note = isListing ? `listing ${foreign(listing)}` : null;
    return { candidates, note, chosenAt: this.#chosenAt(candidates.length) };
  }

  /** To the next or the previous candidate. False when there is none to choose, or nothing to complete with the only one. */
  move(step: 1 | -1): boolean {
    const place = this.#place();
    const candidates = place ? (this.#known(place) ?? []) : [];
    const isDone = place !== null && candidates.length === 1 && candidates[0]?.word === toPrefix(place);
    if (candidates.length === 0 || isDone || this.#toEditor().isWalkingHistory) return false;
    const at = this.#chosenAt(candidates.length);
    const next = at === null ? (step === 1 ? 0 : candidates.length - 1) : at + step;
    this.#choice = { text: this.#toEditor().edited, at: (next + candidates.length) % candidates.length };
    return true;
  }

  /** Fills in what the arrows chose; false when they chose nothing. */
  take(): boolean {
    const place = this.#place();
    const candidates = place ? (this.#known(place) ?? []) : [];
    const at = this.#chosenAt(candidates.length);
    const candidate = at === null ? undefined : candidates[at];
    if (!place || !candidate) return false;
    this.#fill([candidate], place);
    return true;
  }

  /** Forgets what the arrows chose; false when they chose nothing. */
  unchoose(): boolean {
    const wasChosen = this.suggestions().chosenAt !== null;
    this.#choice = null;
    return wasChosen;
  }

  /** Fills in what is certain; asks for what is not known yet. */
  complete(): void {
    if (this.take()) return;
    const place = this.#place();
    if (!place)
      return this.#stage.say(
        `${keyWord('prompt', 'completePrompt')} completes /commands, @servers and @server:/paths.`,
        'muted',
      );
    if (place.kind === 'no path') return this.#completeRoot(place);
    if (place.kind === 'local') return void this.#completeLocal(place.path);
    const known = this.#known(place);
    if (known) return this.#fill(known, place);
    if (place.kind === 'remote') this.#askServer(place);
  }

  dispose(): void {
    this.#folders.dispose();
  }

  #place(): CompletionPlace | null {
    const { edited, cursor } = this.#toEditor();
    return toCompletionPlace(edited, cursor);
  }

  #chosenAt(count: number): number | null {
    if (this.#choice === null || this.#choice.text !== this.#toEditor().edited) return null;
    return this.#choice.at < count ? this.#choice.at : null;
  }

  /** Null when it is not known. */
  #known(place: CompletionPlace): readonly Candidate[] | null {
    const { session } = this.#stage.model;
    if (!session) return [];
    switch (place.kind) {
      case 'command':
        return toCommandCandidates(session, toOwnCommands(), place.prefix);
      case 'server':
        return toServerCandidates(session.servers, place.prefix);
      case 'remote': {
        const all = this.#folders.known(place.server, place.folder);
        return all?.filter(({ word }) => word.startsWith(place.prefix)) ?? null;
      }
      case 'no path':
        return [];
      case 'local':
        return this.#local?.candidates.filter(({ word }) => word.startsWith(place.path)) ?? null;
    }
  }

  #fill(candidates: readonly Candidate[], place: CompletionPlace): void {
    const prefix = toPrefix(place);
    if (candidates.length === 0) {
      const isEmpty = place.kind === 'remote' && place.prefix === '';
      return this.#stage.say(isEmpty ? `${foreign(place.folder)} is empty.` : 'Nothing begins like this.', 'muted');
    }
    const isServer = place.kind === 'server' && candidates.length === 1 && candidates[0]?.word === prefix;
    // A server that stands there in full: what follows are its paths.
    const more = isServer ? ':/' : toInsertion(candidates, prefix);
    // Nothing is sure to follow: the first of them is offered.
    if (more === '' && candidates.length > 1) this.#choice = { text: this.#toEditor().edited, at: 0 };
    this.#toEditor().handlePaste(more);
  }

  /** Paths of a server are whole: an empty one begins at its root, and any other is left to whoever wrote it. */
  #completeRoot({ server, prefix }: Extract<CompletionPlace, { kind: 'no path' }>): void {
    if (prefix !== '')
      return this.#stage.say(
        `A path on a server begins with a slash: write @${foreign(server)}:/${foreign(prefix)}.`,
        'warn',
      );
    this.#toEditor().handlePaste('/');
    this.complete();
  }

  #askServer(place: Extract<CompletionPlace, { kind: 'remote' }>): void {
    const { session } = this.#stage.model;
    if (!session?.servers.includes(place.server))
      return this.#stage.say(
        `The session has no server "${place.server}"; @ and ${keyWord('prompt', 'completePrompt')} list those it has.`,
        'warn',
      );
    this.#folders.list(place.server, place.folder, (problem) => {
      const now = this.#place();
      const isHere = now?.kind === 'remote' && now.server === place.server && now.folder === place.folder;
      if (problem !== null) this.#stage.say(problem, 'warn');
      else if (isHere) this.#fill(this.#known(now) ?? [], now);
      this.#stage.invalidate();
    });
  }

  async #completeLocal(path: string): Promise<void> {
    const { completePath } = await import('./local-files.ts');
    const candidates = await completePath(path);
    const place = this.#place();
    if (place?.kind !== 'local' || place.path !== path) return;
    this.#local = { path, candidates };
    this.#fill(candidates, place);
    this.#stage.invalidate();
  }
}

function toPrefix(place: CompletionPlace): string {
  return place.kind === 'local' ? place.path : place.prefix;
}
