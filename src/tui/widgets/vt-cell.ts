/** One cell of an emulated screen as it is drawn: its colours, and a character that cannot act on the real terminal. */
import type { IBufferCell, IBufferLine } from '@xterm/headless';
import type { CellLook, StyledLine } from '../styled.ts';
import { PALETTE, RGB } from '../theme-color.ts';
import { cellFlags } from './styles.ts';
import type { Surface } from './surface.ts';
import { drawnCharset } from './width.ts';

export function drawCell(surface: Surface, x: number, y: number, cell: IBufferCell): void {
  const look = toCellLook(cell);
  const text = toCellText(cell);
  if (text === ' ' && look.flags === 0 && look.bg === 0) return;
  surface.cell(x, y, text, text === replacement() ? 1 : cell.getWidth(), look);
}

/** A row as spans, each with the colours of its cells; blanks that nothing was printed on are left out at the end. */
export function toCellLine(line: IBufferLine, cell: IBufferCell): StyledLine {
  let end = line.length;
  while (end > 0 && (line.getCell(end - 1, cell)?.getChars() ?? '') === '') end -= 1;
  const spans: { text: string; readonly cell: CellLook }[] = [];
  for (let x = 0; x < end; x += 1) {
    const at = line.getCell(x, cell);
    if (!at || at.getWidth() === 0) continue;
    const look = toCellLook(at);
    const last = spans.at(-1);
    const isSame = last?.cell.fg === look.fg && last.cell.bg === look.bg && last.cell.flags === look.flags;
    if (isSame) last.text += toCellText(at);
    else spans.push({ text: toCellText(at), cell: look });
  }
  return spans;
}

function toCellText(cell: IBufferCell): string {
  return cell.isInvisible() ? ' ' : printable(cell.getChars());
}

function toCellLook(cell: IBufferCell): CellLook {
  let flags = 0;
  if (cell.isBold()) flags |= cellFlags.bold;
  if (cell.isDim()) flags |= cellFlags.dim;
  if (cell.isItalic()) flags |= cellFlags.italic;
  if (cell.isUnderline()) flags |= cellFlags.underline;
  if (cell.isInverse()) flags |= cellFlags.inverse;
  if (cell.isStrikethrough()) flags |= cellFlags.strike;
  const fg = cell.isFgRGB() ? RGB + cell.getFgColor() : cell.isFgPalette() ? PALETTE + cell.getFgColor() : 0;
  const bg = cell.isBgRGB() ? RGB + cell.getBgColor() : cell.isBgPalette() ? PALETTE + cell.getBgColor() : 0;
  return { fg, bg, flags };
}

/** Characters that mean something only to what reads them; a joiner and a selector may stand in an emoji. */
const hidden =
  /(?![\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|^[\p{L}\p{N} ]*[\u200d\ufe0e\ufe0f]/u;
const charactersPerCellMax = 12;

/** The emulator keeps controls and invisible direction marks out of most cells; what it lets through must not reach the real terminal. */
export function printable(text: string): string {
  if (text === '') return ' ';
  if (drawnCharset() === 'ascii') return /^[\x20-\x7e]+$/.test(text) ? text : replacement();
  const marks = text.match(/\p{M}/gu)?.length ?? 0;
  return hidden.test(text) || text.length > charactersPerCellMax || marks > 4 ? replacement() : text;
}

function replacement(): string {
  return drawnCharset() === 'ascii' ? '?' : '�';
}
