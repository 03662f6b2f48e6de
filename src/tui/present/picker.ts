/**
 * The rows of a list to choose from, with the headings of their groups, and the description of one. Pure; escapes what it is given.
 */
import type { StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, foreign, plain, readable, span, wrap, wrapExact } from './text.ts';

/** All texts are foreign. */
export interface PickerItem {
  readonly id: string;
  readonly name: string;
  /** Stands beside the name. */
  readonly note?: string;
  readonly noteToken?: Token;
  readonly description?: string | null;
  readonly group?: string | null;
  readonly isCurrent?: boolean;
  /** What stands for it outside of this list, where that is not its name. */
  readonly code?: string;
  /** Why it cannot be chosen; null when it can. */
  readonly disabled: string | null;
}

export interface PickerRow {
  /** Null for a heading. */
  readonly id: string | null;
  readonly line: StyledLine;
}

/** Every word of the filter is somewhere in it, in any case. */
export function isFound(item: PickerItem, filter: string): boolean {
  const text = `${item.group ?? ''} ${item.name} ${item.note ?? ''} ${item.code ?? ''}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function toPickerRows(items: readonly PickerItem[], page: Page): readonly PickerRow[] {
  let group: string | null = null;
  return items.flatMap((item): readonly PickerRow[] => {
    const row: PickerRow = { id: item.id, line: toRow(item, page) };
    const next = item.group ?? null;
    if (next === group) return [row];
    group = next;
    // What belongs to no group does not stand below the heading of another.
    const heading = next === null ? 'more' : foreign(next);
    return [{ id: null, line: clip(plain(heading, 'title', { bold: true }), page.columns) }, row];
  });
}

/** The whole name, which its row may have cut, what is said of it, and why it cannot be chosen. */
export function toPickerDetails(item: PickerItem, page: Page): readonly StyledLine[] {
  return [
    ...(item.disabled === null ? [] : wrap([span(foreign(item.disabled), 'warn')], page.columns)),
    ...(item.description ? wrap([span(readable(item.description), 'muted')], page.columns) : []),
    ...wrapExact(
      span(
        foreign(item.code === undefined || item.code === item.name ? item.name : `${item.name}  ${item.code}`),
        'muted',
      ),
      page.columns,
    ),
  ];
}

function toRow(item: PickerItem, page: Page): StyledLine {
  const { glyphs } = page;
  const mark = span(`${item.isCurrent ? glyphs.chosen : ' '} `, 'accent');
  const name = span(readable(item.name), item.disabled === null ? 'text' : 'muted', { bold: item.isCurrent === true });
  const note = item.note ? [span(`  ${readable(item.note)}`, item.noteToken ?? 'muted')] : [];
  return clip([mark, name, ...note], page.columns, glyphs.ellipsis);
}
