/** Turns the cells of an emulator into an SVG picture: text stays text, colours are those that the cells have. Reads no terminal. */

export interface PictureCell {
  /** Empty for a cell that nothing was drawn on, and for the second half of a wide character. */
  readonly text: string;
  readonly width: number;
  /** `#rrggbb`; already the colours that are seen, so an inverse cell has them swapped. */
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

export interface PictureColors {
  readonly fg: string;
  readonly bg: string;
}

/** Size of a cell and of its letters, in pixels: most fixed fonts are 0.6 of their size wide. */
const cell = { width: 8, height: 16, baseline: 12, font: 13.3 };
const margin = 12;
const fonts = "'JetBrains Mono','Cascadia Mono','DejaVu Sans Mono','Menlo','Consolas',monospace";

interface Run {
  readonly x: number;
  readonly cells: readonly PictureCell[];
}

/** `title` is what a reader without pictures gets. Every line of the result is one row of the screen. */
export function toSvg(rows: readonly (readonly PictureCell[])[], ground: PictureColors, title: string): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const width = columns * cell.width + 2 * margin;
  const height = rows.length * cell.height + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${ground.bg}"/>`,
    `<g font-family="${fonts}" font-size="${cell.font}" fill="${ground.fg}" xml:space="preserve">`,
    ...rows.map((row, y) => toRow(row, y, ground)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function toRow(row: readonly PictureCell[], y: number, ground: PictureColors): string {
  const runs = toRuns(row);
  const grounds = runs.filter(({ cells }) => cells[0]?.bg !== ground.bg).map((run) => toGround(run, y));
  return [...grounds, ...runs.filter(hasText).map((run) => toText(run, y, ground))].join('');
}

/** Neighbours that look alike; a character that is not one column wide stands for itself, so that no font moves what follows. */
function toRuns(row: readonly PictureCell[]): readonly Run[] {
  const runs: { x: number; cells: PictureCell[] }[] = [];
  row.forEach((one, x) => {
    const last = runs.at(-1);
    const before = last?.cells.at(-1);
    if (last && before && lookOf(before) === lookOf(one) && before.width === 1 && one.width === 1) last.cells.push(one);
    else runs.push({ x, cells: [one] });
  });
  return runs;
}

function lookOf({ fg, bg, bold, dim, italic, underline }: PictureCell): string {
  return [fg, bg, bold, dim, italic, underline].join(' ');
}

function hasText({ cells }: Run): boolean {
  return cells.some(({ text }) => text.trim() !== '');
}

function toGround({ x, cells }: Run, y: number): string {
  const width = cells.length * cell.width;
  return `<rect x="${margin + x * cell.width}" y="${margin + y * cell.height}" width="${width}" height="${cell.height}" fill="${cells[0]?.bg}"/>`;
}

function toText(run: Run, y: number, ground: PictureColors): string {
  const blanks = run.cells.findIndex(({ text }) => text.trim() !== '');
  const shown = run.cells.slice(blanks);
  while (shown.at(-1)?.text.trim() === '') shown.pop();
  const [first] = shown;
  if (!first) return '';
  const text = shown.map((one) => (one.text === '' ? ' ' : one.text)).join('');
  const x = margin + (run.x + blanks) * cell.width;
  const width = shown.reduce((sum, one) => sum + Math.max(1, one.width), 0) * cell.width;
  const looks = [
    first.fg === ground.fg ? '' : ` fill="${first.fg}"`,
    first.bold ? ' font-weight="bold"' : '',
    first.dim ? ' opacity="0.6"' : '',
    first.italic ? ' font-style="italic"' : '',
    first.underline ? ' text-decoration="underline"' : '',
  ].join('');
  return `<text x="${x}" y="${margin + y * cell.height + cell.baseline}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${looks}>${escape(text)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
