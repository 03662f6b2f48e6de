/**
 * The part of the conversation on the screen that the view has let go, as far as somebody has scrolled back for it: read page by page from
 * the host, and put before what the view has. One conversation at a time; draws nothing.
 */
import { bounds } from '../protocol/bounds.ts';
import { itemCharacters } from '../protocol/reduce-session.ts';
import type { ConversationItem, SessionView } from '../protocol/view.ts';
import type { HostPort } from './host-port.ts';

/** `full`: this screen keeps no more of it; `none`: nothing older was kept anywhere. */
export type OlderState = 'more' | 'reading' | 'full' | 'none' | 'failed';

export class OlderItems {
  readonly #host: Pick<HostPort, 'call'>;
  #session: string | null = null;
  #items: readonly ConversationItem[] = [];
  #characters = 0;
  /** What the view had when it was last joined: items that it lets go are taken over from here. */
  #newest: readonly ConversationItem[] = [];
  #joined: { readonly from: SessionView; readonly whole: SessionView } | null = null;
  #state: OlderState = 'more';

  constructor(host: Pick<HostPort, 'call'>) {
    this.#host = host;
  }

  get state(): OlderState {
    return this.#state;
  }

  /** The session with all that is known of its conversation; another one than before begins anew. */
  join(session: SessionView): SessionView {
    if (this.#joined?.from === session) return this.#joined.whole;
    if (session.id !== this.#session) this.#begin(session.id);
    if (this.#items.length > 0 || this.#state === 'reading') this.#takeOver(session.items);
    this.#newest = session.items;
    const whole = this.#items.length === 0 ? session : { ...session, items: [...this.#items, ...session.items] };
    this.#joined = { from: session, whole };
    return whole;
  }

  /** Reads the page before what is known. `changed` is called when there is something new to show. */
  async read(changed: () => void): Promise<void> {
    const session = this.#session;
    const before = this.#first;
    if (
      session === null ||
      before <= 1 ||
      this.#state === 'reading' ||
      this.#state === 'full' ||
      this.#state === 'none'
    )
      return;
    this.#state = 'reading';
    let page: readonly ConversationItem[] | null = null;
    try {
      page = (await this.#host.call('session.items', { session, before })).items;
    } catch {
      // The top row says so; scrolling there again tries again.
    }
    if (session !== this.#session) return;
    this.#put(page, before);
    changed();
  }

  #put(page: readonly ConversationItem[] | null, before: number): void {
    this.#state = 'more';
    // After a stretch that nobody saw it is no longer what comes before.
    if (before !== this.#first) return;
    const items = page?.filter(({ id }) => id < before) ?? [];
    this.#items = [...items, ...this.#items];
    this.#characters += countCharacters(items);
    this.#joined = null;
    this.#state = page === null ? 'failed' : items.length === 0 ? 'none' : this.#isFull ? 'full' : 'more';
  }

  get #first(): number {
    return (this.#items[0] ?? this.#newest[0])?.id ?? 1;
  }

  get #isFull(): boolean {
    return this.#items.length >= bounds.olderItemsKeptMax || this.#characters >= bounds.olderItemsKeptCharactersMax;
  }

  /** What the view has let go since; after a stretch that nobody saw, only the view is left. */
  #takeOver(items: readonly ConversationItem[]): void {
    const first = items[0]?.id;
    const last = this.#newest.at(-1)?.id ?? 0;
    if (first === undefined || last < first) return this.#begin(this.#session);
    const gone = this.#newest.filter(({ id }) => id < first);
    if (gone.length === 0) return;
    this.#items = [...this.#items, ...gone];
    this.#characters += countCharacters(gone);
    if (this.#isFull) this.#begin(this.#session);
  }

  #begin(session: string | null): void {
    this.#session = session;
    this.#items = [];
    this.#characters = 0;
    this.#newest = [];
    this.#joined = null;
    this.#state = 'more';
  }
}

function countCharacters(items: readonly ConversationItem[]): number {
  return items.reduce((sum, item) => sum + itemCharacters(item), 0);
}
