/**
 * The items of a conversation as rows. Only what comes into sight is laid out, and only what changed is laid out again; the height of
 * everything else is estimated. Knows no viewport, no key and no surface.
 */
import { bounds } from '../../protocol/bounds.ts';
import type { ConversationItem } from '../../protocol/view.ts';
import { type Fold, type LaidOutItem, layOutItem, toDefaultFold } from '../present/conversation.ts';
import type { Page } from '../present/page.ts';
import type { CodeColours, LaidOutProse, ProseLayout } from '../present/prose.ts';
import type { CallWait } from '../present/tool-item.ts';
import { isOpenCall } from '../present/tool-item.ts';
import type { StyledLine } from '../styled.ts';

export interface RowsLook {
  readonly page: Page;
  /** Stands above the first item. */
  readonly head: readonly StyledLine[];
  readonly thoughts: 'folded' | 'shown';
  /** Of calls that have begun. */
  readonly wait: CallWait;
  /** What the operator folded or unfolded, by item. */
  readonly folds: ReadonlyMap<number, Fold>;
  readonly layOut: ProseLayout;
  readonly toColours: CodeColours;
  /** Rises when `layOut` or `toColours` became others. */
  readonly version: number;
}

/** A row in the text of an item: where one looks, whatever is laid out above. */
export interface Anchor {
  readonly id: number;
  readonly offset: number;
}

interface Entry {
  readonly item: ConversationItem;
  readonly fold: Fold;
  readonly wait: CallWait;
  /** The empty row behind it. */
  readonly gap: 0 | 1;
  laidOut: LaidOutItem | null;
  /** Of the item as it was before, when it was shorter. */
  before: LaidOutProse | null;
  height: number;
  readonly estimate: number;
}

export class ConversationRows {
  #entries: Entry[] = [];
  /** The first row of each entry. */
  #tops: number[] = [];
  #look: RowsLook | null = null;

  get total(): number {
    const last = this.#entries.length - 1;
    return last < 0 ? this.#head.length : (this.#tops[last] ?? 0) + this.#heightOf(last);
  }

  get #head(): readonly StyledLine[] {
    return this.#look?.head ?? [];
  }

  /** Takes over what changed. Everything is laid out anew, as it comes into sight, when the width or the layout is another. */
  update(items: readonly ConversationItem[], look: RowsLook): void {
    const before = this.#look;
    this.#look = look;
    const isSame = before?.page.columns === look.page.columns && before.version === look.version;
    const old = isSame ? this.#entries : [];
    // Items that were let go were the oldest.
    const shift = Math.max(
      0,
      old.findIndex(({ item }) => item.id === items[0]?.id),
    );
    const entries: (Entry | undefined)[] = shift === 0 && isSame ? old : old.slice(shift);
    const older = toOlderCount(items, entries[0]);
    const first = entries[0];
    // Code that goes on in it may begin in what is now before it.
    if (older > 0 && first) entries[0] = { ...first, laidOut: null, before: null };
    entries.unshift(...Array.from({ length: older }, () => undefined));
    const isPlaced = shift === 0 && older === 0 && isSame && before.head.length === look.head.length;
    let changed = isPlaced ? entries.length : 0;
    if (entries.length > items.length) entries.length = items.length;
    items.forEach((item, index) => {
      const known = entries[index];
      const next = items[index + 1];
      const gap = item.kind === 'tool' && next?.kind === 'tool' ? 0 : 1;
      const fold = look.folds.get(item.id) ?? toDefaultFold(item, look.thoughts);
      const wait = isOpenCall(item) ? look.wait : 'at work';
      if (known?.item === item && known.gap === gap && known.fold === fold && known.wait === wait) return;
      const prose = known?.item.id === item.id ? (known.laidOut?.prose ?? known.before) : null;
      const estimate = toEstimate(item, fold, look.page);
      entries[index] = { item, fold, wait, gap, laidOut: null, before: prose, height: estimate, estimate };
      changed = Math.min(changed, index);
    });
    // Each of the items has one by now.
    this.#entries = entries as Entry[];
    this.#place(changed);
  }

  /** Lays out what these rows show. True when that moved rows: then the caller looks again. */
  layOut(from: number, to: number): boolean {
    let moved: number | null = null;
    for (let index = this.#indexAt(from); index < this.#entries.length && (this.#tops[index] ?? 0) < to; index += 1) {
      if (this.#entries[index]?.laidOut) continue;
      if (this.#layOutAt(index)) moved = Math.min(moved ?? index, index);
    }
    if (moved === null) return false;
    this.#place(moved);
    return true;
  }

  layOutAll(): void {
    this.#entries.forEach((_, index) => this.#layOutAt(index));
    this.#place(0);
  }

  /** The rows from `from` on, each with the item it belongs to; null for what is between two items. */
  window(from: number, rows: number): readonly { readonly line: StyledLine; readonly id: number | null }[] {
    const shown: { line: StyledLine; id: number | null }[] = [];
    for (const line of this.#head.slice(from, from + rows)) shown.push({ line, id: null });
    for (let index = this.#indexAt(from); index < this.#entries.length && shown.length < rows; index += 1) {
      const entry = this.#entries[index];
      const skip = Math.max(0, from - (this.#tops[index] ?? 0));
      const lines = entry?.laidOut?.lines ?? [];
      for (let row = skip; row < this.#heightOf(index) && shown.length < rows; row += 1)
        shown.push({ line: lines[row] ?? [], id: row < lines.length ? (entry?.item.id ?? null) : null });
    }
    return shown;
  }

  /**
   * Where these rows stand in the whole, from estimates alone: whoever comes back sees the thumb where it was, whatever is laid out by now.
   * @param count all rows, with those that follow the last item.
   */
  estimate(from: number, rows: number, count: number): { readonly top: number; readonly total: number } {
    if (count <= rows) return { top: 0, total: count };
    const at = this.#indexAt(from);
    let total = this.#head.length + count - this.total;
    let top = Math.min(from, this.#head.length);
    this.#entries.forEach(({ estimate, gap }, index) => {
      const inside = (from - (this.#tops[index] ?? 0)) / Math.max(1, this.#heightOf(index));
      if (index <= at) top += (estimate + gap) * Math.min(1, Math.max(0, inside));
      total += estimate + gap;
    });
    // Estimated too low, something is out of sight all the same.
    total = Math.max(total, rows + 1);
    return { top: from + rows >= count ? total - rows : Math.min(top, total - rows), total };
  }

  /** The place of a row, by something that is laid out in `rows` rows where there is such a thing. */
  anchorAt(row: number, rows: number): { readonly anchor: Anchor; readonly row: number } | null {
    let first: { anchor: Anchor; row: number } | null = null;
    for (let index = this.#indexAt(row); index < this.#entries.length; index += 1) {
      const top = this.#tops[index] ?? 0;
      const entry = this.#entries[index];
      if (!entry || top >= row + rows) break;
      const at = Math.max(row, top);
      if (at >= top + this.#heightOf(index)) continue;
      const found = { anchor: { id: entry.item.id, offset: at - top }, row: at };
      if (entry.laidOut) return found;
      first ??= found;
    }
    return first;
  }

  /** Null when the item is no longer there. */
  rowOf({ id, offset }: Anchor): number | null {
    const index = this.#indexOf(id);
    return index === -1 ? null : (this.#tops[index] ?? 0) + Math.min(offset, this.#heightOf(index) - 1);
  }

  /** Where an item stands, laid out; null when it is no longer there. */
  extentOf(id: number): { readonly top: number; readonly height: number } | null {
    const index = this.#indexOf(id);
    if (index === -1) return null;
    if (this.#layOutAt(index)) this.#place(index);
    return { top: this.#tops[index] ?? 0, height: this.#entries[index]?.height ?? 0 };
  }

  foldOf(id: number): { readonly fold: Fold; readonly isCut: boolean } | null {
    const entry = this.#entries[this.#indexOf(id)];
    return entry ? { fold: entry.fold, isCut: entry.laidOut?.isCut ?? false } : null;
  }

  /** The item at a row; the one above where the row is between two. */
  idAt(row: number): number | null {
    return this.#entries[this.#indexAt(row)]?.item.id ?? null;
  }

  #heightOf(index: number): number {
    const entry = this.#entries[index];
    return entry ? entry.height + entry.gap : 0;
  }

  #indexOf(id: number): number {
    // Ids grow, and almost always by one.
    const first = this.#entries[0]?.item.id ?? 0;
    return this.#entries[id - first]?.item.id === id
      ? id - first
      : this.#entries.findIndex(({ item }) => item.id === id);
  }

  /** The entry that a row is in: tops grow, so halves are enough. */
  #indexAt(row: number): number {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#tops[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #place(from: number): void {
    this.#tops.length = Math.min(this.#tops.length, from);
    for (let index = from; index < this.#entries.length; index += 1)
      this.#tops.push(index === 0 ? this.#head.length : (this.#tops[index - 1] ?? 0) + this.#heightOf(index - 1));
  }

  /** True when its height is not what was thought. */
  #layOutAt(index: number): boolean {
    const entry = this.#entries[index];
    const look = this.#look;
    if (!entry || !look || entry.laidOut) return false;
    const { fold, wait, before } = entry;
    const openFence = this.#openFenceBefore(index);
    const { layOut, toColours } = look;
    entry.laidOut = layOutItem(entry.item, look.page, { fold, wait, layOut, toColours, before, openFence });
    entry.before = null;
    const { height } = entry;
    entry.height = entry.laidOut.lines.length;
    return entry.height !== height;
  }

  /** The host begins a new item in the middle of a long message; what was open there goes on. */
  #openFenceBefore(index: number): string | null {
    const item = this.#entries[index]?.item;
    const before = this.#entries[index - 1];
    if (item?.kind !== 'agent' || before?.item.kind !== 'agent') return null;
    if (before.item.text.length < bounds.itemCharactersSplitFrom) return null;
    this.#layOutAt(index - 1);
    return before.laidOut?.prose?.openFence ?? null;
  }
}

/** How many items were put before the first one that is laid out. */
function toOlderCount(items: readonly ConversationItem[], first: Entry | undefined): number {
  return first === undefined
    ? 0
    : Math.max(
        0,
        items.findIndex(({ id }) => id === first.item.id),
      );
}

/** Rows that an item will take, from its characters alone. */
function toEstimate(item: ConversationItem, fold: Fold, { columns }: Page): number {
  if (fold === 'folded') return 1;
  const text = item.kind === 'tool' ? item.detail : item.text;
  let rows = item.kind === 'tool' ? 1 : 0;
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const length = (end === -1 ? text.length : end) - from;
    rows += Math.max(1, Math.ceil(length / columns));
    from += length + 1;
  }
  return Math.max(1, item.kind === 'tool' ? Math.min(rows, 8) : rows);
}
