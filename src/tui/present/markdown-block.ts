/**
 * One block of Markdown as styled lines: headings, lists in lists, quotes, rules, paragraphs; tables and code have files of their own. Every
 * word of the source is shown, also what browsers hide: addresses, HTML and its comments. Pure.
 */
import { lexer, type Token as MarkedToken, type Tokens } from 'marked';
import type { StyledLine } from '../styled.ts';
import { layOutCode } from './markdown-code.ts';
import { type InlineLook, toInlineLines } from './markdown-inline.ts';
import { layOutTable } from './markdown-table.ts';
import type { MarkdownStyle } from './prose.ts';
import { columnsOf, conversationLines, emptyLine, plain, span, wrap } from './text.ts';

/** What stands in something else keeps at least so many columns; deeper levels are no longer indented. */
const columnsMin = 12;
const ruleColumnsMax = 24;

type Place = 'inner' | 'last';

/** The lines of a block; none for what is only space. The `last` one may be the beginning of something that is still arriving. */
export function layOutBlock(token: MarkedToken, style: MarkdownStyle, place: Place = 'inner'): readonly StyledLine[] {
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return [];
    case 'heading':
      return layOutHeading(token as Tokens.Heading, style);
    case 'list':
      return layOutList(token as Tokens.List, style);
    case 'blockquote':
      return layOutQuote(token as Tokens.Blockquote, style);
    case 'code':
      return layOutCode(token as Tokens.Code, style, place);
    case 'table':
      return layOutTable(token as Tokens.Table, style);
    case 'hr':
      return [plain(style.glyphs.rule.repeat(Math.max(1, Math.min(style.columns, ruleColumnsMax))), 'border')];
    case 'html':
    case 'def':
      return layOutAsItCame(token.raw, style);
    default:
      return layOutParagraph(token as Tokens.Paragraph, style, place);
  }
}

function layOutHeading({ tokens, depth }: Tokens.Heading, style: MarkdownStyle): readonly StyledLine[] {
  const look: InlineLook = { token: 'title', bold: true, ...(depth === 1 ? { underline: true } : {}) };
  return wrapLines(toInlineLines(tokens, { ...toLook(style), ...look }), style);
}

function layOutParagraph(token: Tokens.Paragraph, style: MarkdownStyle, place: Place): readonly StyledLine[] {
  const begun = place === 'last' ? toBegunTable(token.raw) : null;
  if (begun) return layOutTable(begun, style);
  // Marks that only say what a line is not are no tokens.
  const tokens = token.tokens ?? [{ type: 'text', raw: token.raw, text: token.raw }];
  return wrapLines(toInlineLines(tokens, toLook(style)), style);
}

/** Whose first row is there already, and whose line below it is still on its way: it would else jump from words to a table. */
function toBegunTable(raw: string): Tokens.Table | null {
  const [head = '', below = '', ...more] = raw.replace(/\n$/, '').split('\n');
  if (more.length > 0 || !/^\|.*\|\s*$/.test(head) || !/^[|:\s-]*$/.test(below)) return null;
  const cells = head.trim().split(/(?<!\\)\|/).length - 2;
  const [table] = lexer(`${head}\n${'|-'.repeat(Math.max(1, cells))}|\n`);
  return table?.type === 'table' ? (table as Tokens.Table) : null;
}

function layOutQuote({ tokens }: Tokens.Blockquote, style: MarkdownStyle): readonly StyledLine[] {
  const bar = plain(`${style.glyphs.bar} `, 'muted');
  const inner: MarkdownStyle = { ...style, columns: toInner(style.columns, 2), token: 'muted' };
  return toPrefixed(layOutAll(tokens, inner), bar, bar, style);
}

function layOutList(list: Tokens.List, style: MarkdownStyle): readonly StyledLine[] {
  const marks = list.items.map((item, index) => toMark(list, item, index, style));
  // Numbers end in one column, so that the words of all items begin in one.
  const width = Math.max(...marks.map(columnsOf));
  return list.items.flatMap((item, index) => {
    const mark = marks[index] ?? emptyLine;
    const first: StyledLine = [span(' '.repeat(width - columnsOf(mark))), ...mark];
    const rest = plain(' '.repeat(width));
    const lines = layOutAll(item.tokens, { ...style, columns: toInner(style.columns, width) });
    const shown = toPrefixed(lines.length === 0 ? [emptyLine] : lines, first, rest, style);
    const isFollowed = index < list.items.length - 1 && /\n[ ]*\n\s*$/.test(item.raw);
    return isFollowed ? [...shown, emptyLine] : shown;
  });
}

function toMark(list: Tokens.List, item: Tokens.ListItem, index: number, { glyphs }: MarkdownStyle): StyledLine {
  const number = /^\s*\d+([.)])/.exec(item.raw);
  const text = list.ordered ? `${Number(list.start) + index}${number?.[1] ?? '.'}` : glyphs.bullet;
  if (!item.task) return plain(`${text} `, 'accent');
  const box = item.checked ? span(`${glyphs.done} `, 'ok') : span(`${glyphs.pending} `, 'muted');
  return [span(`${text} `, 'accent'), box];
}

/** Blocks in a block, with the empty lines that the source has between them. */
function layOutAll(tokens: readonly MarkedToken[], style: MarkdownStyle): readonly StyledLine[] {
  const lines: StyledLine[] = [];
  let gap = '';
  for (const token of tokens) {
    const block = layOutBlock(token, style);
    if (block.length > 0) {
      if (lines.length > 0 && /\n[ ]*\n\s*$/.test(gap)) lines.push(emptyLine);
      lines.push(...block);
      gap = '';
    }
    gap += token.raw;
  }
  return lines;
}

/** What has no meaning of its own here is shown as it was written. */
function layOutAsItCame(raw: string, style: MarkdownStyle): readonly StyledLine[] {
  return conversationLines(raw.trimEnd()).flatMap((line) => wrap([span(line, 'muted')], Math.max(1, style.columns)));
}

function wrapLines(lines: readonly StyledLine[], style: MarkdownStyle): readonly StyledLine[] {
  return lines.flatMap((line) => wrap(line, Math.max(1, style.columns)));
}

function toInner(columns: number, taken: number): number {
  return Math.max(columnsMin, columns - taken);
}

/** Where there is no room for what stands in front, it is left out. */
function toPrefixed(
  lines: readonly StyledLine[],
  first: StyledLine,
  rest: StyledLine,
  { columns }: MarkdownStyle,
): readonly StyledLine[] {
  const taken = columnsOf(first);
  if (columns - taken >= columnsMin) return lines.map((line, index) => [...(index === 0 ? first : rest), ...line]);
  // The mark then stands above its words.
  return [...wrap(first, Math.max(1, columns)), ...lines.flatMap((line) => wrap(line, Math.max(1, columns)))];
}

function toLook({ token, isItalic }: MarkdownStyle): InlineLook {
  return { ...(token ? { token } : {}), ...(isItalic ? { italic: true } : {}) };
}
