/**
 * The search of one copy mode: the line one types into, the matches as they are found, and the one that one is at. Moves no cursor itself; says
 * where it should be.
 */
import type { Key } from '../input/key.ts';
import type { StyledLine } from '../styled.ts';
import { Editor } from '../widgets/editor.ts';
import type { Surface } from '../widgets/surface.ts';
import type { CopyPlace } from './copy-model.ts';
import type { CopyText } from './copy-text.ts';
import { type SearchQuery, toSearchQuery } from './search-query.ts';
import { type SearchMatch, SearchRun, toMatchCount } from './search-run.ts';

export type SearchDirection = 'forward' | 'backward';

export interface SearchPorts {
  readonly text: CopyText;
  /** The searches of before, oldest first. */
  readonly history: readonly string[];
  /** Something else is found or counted. */
  changed(): void;
  /** Goes on when the screen had its turn. */
  later(call: () => void): void;
}

export class CopySearch {
  readonly #ports: SearchPorts;
  #editor: Editor | null = null;
  #direction: SearchDirection = 'forward';
  #origin: CopyPlace = { row: 0, at: 0 };
  #query: SearchQuery | null = null;
  #run: SearchRun | null = null;
  #current: number | null = null;
  /** The first match of what is typed is still to be found. */
  #isSeeking = false;
  #isDisposed = false;

  constructor(ports: SearchPorts) {
    this.#ports = ports;
  }

  get isTyping(): boolean {
    return this.#editor !== null;
  }

  get run(): SearchRun | null {
    return this.#run;
  }

  get current(): SearchMatch | null {
    return this.#current === null ? null : (this.#run?.matches[this.#current] ?? null);
  }

  get query(): string {
    return this.#query?.text ?? '';
  }

  /** Where the search began. */
  get origin(): CopyPlace {
    return this.#origin;
  }

  /** `3 of 17`, with why it is no pattern; null without a search. */
  get note(): string | null {
    const count = toMatchCount(this.#run, this.#current);
    const problem = this.#query?.problem ?? null;
    return count === null || problem === null ? count : `${count}, as plain text: ${problem}`;
  }

  /** Whether it is not known yet which match is the first. */
  get isSeeking(): boolean {
    return this.#run !== null && this.#isSeeking;
  }

  /** Opens the line. */
  begin(direction: SearchDirection, origin: CopyPlace): void {
    this.#direction = direction;
    this.#origin = origin;
    const editor = new Editor({ lines: 'one' });
    for (const entry of this.#ports.history) editor.addHistory(entry);
    editor.onChange((typed) => this.#look(typed));
    this.#editor = editor;
    this.#look('');
  }

  /** Closes the line and keeps what was found; what was typed, or '' for the search before. */
  submit(): string {
    const typed = this.#editor?.text ?? '';
    this.#editor = null;
    return typed;
  }

  /** Closes the line and forgets what was found. */
  cancel(): void {
    this.#editor = null;
    this.#look('');
  }

  /** Searches for something that was typed elsewhere, from a place on. */
  resume(typed: string, origin: CopyPlace): void {
    this.#origin = origin;
    this.#look(typed);
  }

  handleKey(key: Key): void {
    this.#editor?.handleKey(key);
  }

  handlePaste(text: string): void {
    this.#editor?.handlePaste(text);
  }

  /** The match that follows a place in the direction of the search or against it; null when there is none. */
  jump(from: CopyPlace, way: 'along' | 'against'): { readonly match: SearchMatch; readonly isAround: boolean } | null {
    if (!this.#run) return null;
    const isForward = (this.#direction === 'forward') === (way === 'along');
    while (!this.#run.isDone) this.#run.advance();
    this.#current = isForward ? this.#run.after(from, 'beyond') : this.#run.before(from, 'beyond');
    const match = this.current;
    if (!match) return null;
    const isBehind = match.start.row > from.row || (match.start.row === from.row && match.start.at > from.at);
    return { match, isAround: isBehind !== isForward };
  }

  /** Where the cursor belongs while one types: the first match, or where the search began. */
  get place(): CopyPlace {
    return this.current?.start ?? this.#origin;
  }

  /** The line, on the last row of its surface. */
  draw(surface: Surface): void {
    const sign = this.#direction === 'forward' ? '/' : '?';
    const note: StyledLine = [{ text: this.query === '' ? '' : ` ${this.note ?? ''} `, token: 'muted' }];
    // What is typed keeps a part of the line.
    const room = Math.max(20, surface.width - 2 - (note[0]?.text.length ?? 0));
    surface.fill();
    surface.put(0, 0, sign, { token: 'accent', bold: true });
    this.#editor?.draw(surface.part({ x: 1, y: 0, width: Math.min(room, surface.width - 1), height: 1 }), 'focused');
    if (room + 1 < surface.width) surface.put(room + 1, 0, note);
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  #look(typed: string): void {
    this.#query = typed === '' ? null : toSearchQuery(typed);
    this.#current = null;
    this.#run = this.#query ? new SearchRun(this.#ports.text, this.#query) : null;
    this.#isSeeking = true;
    if (this.#run) this.#advance(this.#run);
    this.#ports.changed();
  }

  #advance(run: SearchRun): void {
    if (this.#isDisposed || run !== this.#run) return;
    run.advance();
    if (this.#isSeeking) this.#seek(run);
    if (run.isDone) return;
    this.#ports.later(() => {
      this.#advance(run);
      this.#ports.changed();
    });
  }

  /** Forward, a match behind the origin is the first one as soon as it is found; one before it only when everything was looked at. */
  #seek(run: SearchRun): void {
    const isForward = this.#direction === 'forward';
    const last = run.matches.at(-1);
    const isBeyond =
      last !== undefined && (last.start.row > this.#origin.row || isAtOrBehind(last.start, this.#origin));
    if (!run.isDone && !isBeyond) return;
    this.#current = isForward ? run.after(this.#origin, 'here too') : run.before(this.#origin, 'here too');
    this.#isSeeking = false;
  }
}

function isAtOrBehind(one: CopyPlace, other: CopyPlace): boolean {
  return one.row === other.row && one.at >= other.at;
}
