/**
 * What the changes of files in the conversation on the screen really did, as the log has it: read from the host for calls that come into
 * sight, and put into them as their differences. One conversation at a time; draws nothing.
 */
import type { Result } from '../protocol/methods.ts';
import type { ConversationItem, SessionView } from '../protocol/view.ts';
import type { HostPort } from './host-port.ts';
import { toOperation } from './situation-item.ts';

type ToolItem = Extract<ConversationItem, { kind: 'tool' }>;

/** Of one conversation; each may hold a whole difference, and the oldest are read again when somebody scrolls back to them. */
const keptMax = 100;
const writingTools: readonly string[] = ['remote_write_file', 'remote_patch_file'];

interface Known {
  /** Null while it is on its way, and for a call of which the log has no difference. */
  change: { readonly path: string; readonly diff: string } | null;
  made: { readonly from: ToolItem; readonly item: ToolItem } | null;
}

export class WrittenChanges {
  readonly #host: Pick<HostPort, 'call'>;
  readonly #known = new Map<number, Known>();
  #session: string | null = null;
  #joined: { readonly from: SessionView; readonly whole: SessionView } | null = null;

  constructor(host: Pick<HostPort, 'call'>) {
    this.#host = host;
  }

  /** The session with what is known of its changes; another one than before begins anew. */
  join(session: SessionView): SessionView {
    if (session.id !== this.#session) this.#begin(session.id);
    if (this.#known.size === 0) return session;
    if (this.#joined?.from !== session)
      this.#joined = { from: session, whole: { ...session, items: session.items.map((item) => this.#toShown(item)) } };
    return this.#joined.whole;
  }

  /** Of these items those with a row are in sight. `changed` is called when there is something new to show. */
  want(items: readonly ConversationItem[], rows: readonly { readonly id: number | null }[], changed: () => void): void {
    const ids = new Set(rows.map(({ id }) => id));
    for (const item of items) if (item.kind === 'tool' && ids.has(item.id)) this.#want(item, changed);
  }

  #want(item: ToolItem, changed: () => void): void {
    if (item.status !== 'completed' || this.#known.has(item.id)) return;
    if (!item.asked || !writingTools.includes(item.asked.tool)) return;
    const operation = toOperation(item);
    if (operation !== null) void this.#read(item, item.asked, operation, changed);
  }

  async #read(
    { id }: ToolItem,
    asked: NonNullable<ToolItem['asked']>,
    operation: string,
    changed: () => void,
  ): Promise<void> {
    const known: Known = { change: null, made: null };
    const session = this.#session;
    this.#keep(id, known);
    const detail = await this.#host.call('audit.detail', { id: operation }).catch(() => null);
    known.change = detail && toChange(detail, { session, tool: asked.tool });
    if (known.change === null || session !== this.#session) return;
    this.#joined = null;
    changed();
  }

  #keep(id: number, known: Known): void {
    this.#known.set(id, known);
    const oldest = this.#known.keys().next();
    if (this.#known.size > keptMax && !oldest.done) this.#known.delete(oldest.value);
  }

  /** The same item as long as nothing of it has changed, so that it is laid out once. */
  #toShown(item: ConversationItem): ConversationItem {
    const known = this.#known.get(item.id);
    if (!known?.change || item.kind !== 'tool') return item;
    if (known.made?.from !== item) known.made = { from: item, item: { ...item, diffs: [known.change] } };
    return known.made.item;
  }

  #begin(session: string): void {
    this.#session = session;
    this.#known.clear();
    this.#joined = null;
  }
}

/** The id came through the agent: what it names counts only when it is a change of this session by the same tool. */
function toChange(
  { records, diff }: Result<'audit.detail'>,
  said: { readonly session: string | null; readonly tool: string },
): { readonly path: string; readonly diff: string } | null {
  const { session, tool, changedPath, path } = Object.assign({}, ...records) as Readonly<Record<string, unknown>>;
  const file = changedPath ?? path;
  if (diff === null || typeof file !== 'string') return null;
  return session === said.session && tool === said.tool ? { path: file, diff } : null;
}
