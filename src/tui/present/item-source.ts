/** What is copied of an item of a conversation: its words as they came, its code, its differences. Pure; the clipboard is told elsewhere. */
import type { ConversationItem } from '../../protocol/view.ts';
import { trimEnds } from './trim-ends.ts';

/** All of an item, as it came. */
export function toItemSource(item: ConversationItem): string {
  if (item.kind !== 'tool') return trimEnds(item.text);
  const diffs = (item.diffs ?? []).map(({ path, diff }) => diff ?? path);
  return [item.title, ...diffs, trimEnds(item.detail)].filter((part) => part !== '').join('\n');
}

/** Its blocks of code, the last one last; of a call its differences. */
export function toCodeBlocks(item: ConversationItem): readonly string[] {
  if (item.kind === 'tool') return (item.diffs ?? []).flatMap(({ diff }) => (diff === null ? [] : [diff]));
  const blocks: string[] = [];
  let open: { readonly fence: string; readonly indent: number; readonly lines: string[] } | null = null;
  for (const line of item.text.split(/\r?\n/)) {
    const [, blanks = '', fence = ''] = /^(\s*)(`{3,}|~{3,})/.exec(line) ?? [];
    const isEnd = open !== null && fence.startsWith(open.fence) && line.trim() === fence;
    if (open && isEnd) {
      blocks.push(open.lines.join('\n'));
      open = null;
    } else if (open) open.lines.push(withoutIndent(line, open.indent));
    else if (fence !== '') open = { fence, indent: blanks.length, lines: [] };
  }
  if (open) blocks.push(open.lines.join('\n'));
  return blocks;
}

/** A block that stands in a list is indented with its fence. */
function withoutIndent(line: string, indent: number): string {
  return line.slice(0, indent).trim() === '' ? line.slice(indent) : line;
}
