/** Turns the difference between two cell buffers into the bytes that make the terminal show it. Keeps no state and writes nothing itself. */
import type { Styles } from './styles.ts';
import type { CellRow } from './surface.ts';

export interface CursorPosition {
  readonly x: number;
  readonly y: number;
  /** As DECSCUSR counts: 0 is the terminal's own shape, 1 to 6 are block, underline and bar, blinking and steady. */
  readonly shape: number;
}

const BEGIN_SYNCHRONIZED = '\x1b[?2026h';
const END_SYNCHRONIZED = '\x1b[?2026l';

/**
 * The bytes for one frame, '' when nothing changed; `shown` is brought up to `wanted`.
 * Every row that changed is addressed absolutely, and so is every cell after a character whose width terminals disagree about,
 * so that one wrong width never shifts the rest of a line.
 */
export function drawFrame(wanted: readonly CellRow[], shown: readonly CellRow[], styles: Styles): string {
  let out = '';
  let attribute: number | null = null;
  for (let y = 0; y < wanted.length; y += 1) {
    const row = wanted[y];
    const shownRow = shown[y];
    if (!row?.dirty || !shownRow) continue;
    row.dirty = false;
    // The column where the terminal's cursor is known to be in this row; -1 when it is not known.
    let cursorX = -1;
    for (let x = 0; x < row.length; x += 1) {
      const cell = row[x];
      const old = shownRow[x];
      if (!cell || !old || cell[1] === '') continue;
      const wide = row[x + 1]?.[1] === '';
      if (cell[0] === old[0] && cell[1] === old[1] && wide === (shownRow[x + 1]?.[1] === '')) continue;
      if (cursorX !== x) out += cursorX >= 0 && cursorX < x ? `\x1b[${x - cursorX}C` : `\x1b[${y + 1};${x + 1}H`;
      if (attribute !== cell[0]) {
        attribute = cell[0];
        out += styles.sequenceOf(attribute);
      }
      const sure = isSureWidth(cell[1]);
      // Blanks first: a terminal that takes the character for narrower than we do leaves no old text behind it.
      if (!sure) out += `${wide ? '  ' : ' '}\x1b[${y + 1};${x + 1}H`;
      out += cell[1];
      cursorX = sure ? x + (wide ? 2 : 1) : -1;
      old[0] = cell[0];
      old[1] = cell[1];
      const oldHalf = shownRow[x + 1];
      if (oldHalf) {
        if (wide) {
          oldHalf[0] = cell[0];
          oldHalf[1] = '';
        } else if (oldHalf[1] === '') {
          // The terminal blanked the other half by itself; an impossible text makes the next cell be written.
          oldHalf[1] = '\0';
        }
      }
    }
  }
  return out;
}

/**
 * Wraps a frame so that the terminal shows it in one go (mode 2026), with the cursor where it belongs. `shape` is the one that the terminal has now:
 * the sequence for another is only sent where a program asked for one, because not every terminal knows it.
 */
export function wrapFrame(cells: string, cursor: CursorPosition | null, shape: number): string {
  const shaped = cursor && cursor.shape !== shape ? `\x1b[${cursor.shape} q` : '';
  const place = cursor ? `\x1b[${cursor.y + 1};${cursor.x + 1}H${shaped}\x1b[?25h` : '';
  return `${BEGIN_SYNCHRONIZED}\x1b[?25l${cells}\x1b[0m${place}${END_SYNCHRONIZED}`;
}

/** One ASCII, Latin, box-drawing or CJK code unit: terminals agree about these. */
function isSureWidth(text: string): boolean {
  if (text.length !== 1) return false;
  const code = text.charCodeAt(0);
  return code < 0x300 || (code >= 0x2500 && code < 0x25a0) || (code >= 0x3041 && code < 0xd7a4);
}
