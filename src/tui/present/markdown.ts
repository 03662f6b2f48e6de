/**
 * What agents write, as styled lines. A message that grows is parsed again only from where the new words can still change it. Foreign text
 * is escaped before it is parsed, so no mark of Markdown can put an escape together. Pure; knows no session.
 */
import { type Token as BlockToken, lexer } from 'marked';
import type { StyledLine } from '../styled.ts';
import { layOutBlock } from './markdown-block.ts';
import type { LaidOutProse, MarkdownStyle } from './prose.ts';
import { conversationLines, emptyLine } from './text.ts';
import { trimEnds } from './trim-ends.ts';

interface Block {
  /** Where it begins in the source. */
  readonly start: number;
  readonly raw: string;
  readonly lines: readonly StyledLine[];
}

export interface Markdown extends LaidOutProse {
  readonly source: string;
  readonly blocks: readonly Block[];
  /** Where addresses stand apart from their links, any later line may be an address of an earlier link. */
  readonly hasAddresses: boolean;
}

/** Blocks at the end that a further word may join or turn into something else. */
const openBlocks = 2;

/**
 * Lays out a message. `before` is the layout of a shorter version at the same style: blocks that cannot change are taken from there. The
 * result is the same with and without it.
 */
export function layOutMarkdown(text: string, style: MarkdownStyle, before: LaidOutProse | null = null): Markdown {
  const source = conversationLines(trimEnds(text)).join('\n');
  const kept = before && isMarkdown(before) ? toKept(before, source) : [];
  const last = kept.at(-1);
  const from = last ? last.start + last.raw.length : 0;
  const tokens = lexer(source.slice(from));
  const hasAddresses = Object.keys(tokens.links).length > 0;
  if (hasAddresses && from > 0) return layOutMarkdown(text, style);
  const blocks = [...kept, ...toBlocks(tokens, from, style)];
  return { source, blocks, hasAddresses, lines: toLines(blocks), openFence: toOpenFence(blocks) };
}

function isMarkdown(before: LaidOutProse): before is Markdown {
  return 'blocks' in before;
}

function toKept(before: Markdown, source: string): readonly Block[] {
  if (before.hasAddresses) return [];
  const filled = before.blocks.filter(({ lines }) => lines.length > 0);
  const end = filled.at(-openBlocks)?.start ?? 0;
  if (!source.startsWith(before.source.slice(0, end))) return [];
  return before.blocks.filter(({ start }) => start < end);
}

function toBlocks(tokens: readonly BlockToken[], from: number, style: MarkdownStyle): readonly Block[] {
  let start = from;
  return tokens.map((token, index) => {
    const place = index === tokens.length - 1 ? 'last' : 'inner';
    const block = { start, raw: token.raw, lines: layOutBlock(token, style, place) };
    start += token.raw.length;
    return block;
  });
}

/** Blocks with the empty lines that the source has between them, each such gap as one. */
function toLines(blocks: readonly Block[]): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  let before = '';
  for (const block of blocks) {
    if (block.lines.length > 0) {
      if (lines.length > 0 && /\n[ ]*\n[\s]*$/.test(before)) lines.push(emptyLine);
      for (const line of block.lines) lines.push(line);
      before = '';
    }
    before = `${before}${block.raw}`.slice(-200);
  }
  return lines;
}

function toOpenFence(blocks: readonly Block[]): string | null {
  const raw = blocks.at(-1)?.raw ?? '';
  const [line = '', mark = ''] = /^ {0,3}(`{3,}|~{3,}).*/.exec(raw) ?? [];
  if (mark === '') return null;
  const last = raw.trimEnd().split('\n').slice(1).at(-1)?.trim() ?? '';
  return last.startsWith(mark) && last === mark[0]?.repeat(last.length) ? null : line;
}
