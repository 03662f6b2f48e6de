/** The bytes a terminal sends for the mouse and for getting the focus: for a program in a shell that asked for them. Knows xterm's forms only. */
import type { Mouse } from './key.ts';

/** What a program asked to be told (modes 9, 1000, 1002 and 1003 of xterm), and in which form. */
export interface MouseMode {
  readonly tracking: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  /** `sgr` is mode 1006; `default` the form of X10 with one byte a coordinate; `other` one that is not spoken here. */
  readonly encoding: 'sgr' | 'default' | 'other';
}

const buttons = { left: 0, middle: 1, right: 2, none: 3 } as const;
/** The last cell that one byte can name. */
const defaultCellMax = 222;

/** No bytes for what the program did not ask for. Cells count from 0 at the corner of the program's screen. */
export function encodeMouse(mouse: Mouse, mode: MouseMode): Uint8Array {
  const nothing = new Uint8Array();
  if (mode.encoding === 'other' || !isWanted(mouse, mode.tracking)) return nothing;
  const code = toCode(mouse, mode);
  if (mode.encoding === 'sgr') {
    const final = mouse.kind === 'release' ? 'm' : 'M';
    return Buffer.from(`\x1b[<${code};${mouse.x + 1};${mouse.y + 1}${final}`);
  }
  if (mouse.x > defaultCellMax || mouse.y > defaultCellMax) return nothing;
  return Uint8Array.from([0x1b, 0x5b, 0x4d, code + 32, mouse.x + 33, mouse.y + 33]);
}

/** Mode 1004: the window, or the part of it where the program is, has the focus now. */
export function encodeFocus(focus: 'focused' | 'unfocused'): string {
  return focus === 'focused' ? '\x1b[I' : '\x1b[O';
}

function isWanted(mouse: Mouse, tracking: MouseMode['tracking']): boolean {
  switch (tracking) {
    case 'none':
      return false;
    case 'x10':
      return mouse.kind === 'press';
    case 'vt200':
      return mouse.kind !== 'drag' && mouse.kind !== 'move';
    case 'drag':
      return mouse.kind !== 'move';
    case 'any':
      return true;
  }
}

function toCode(mouse: Mouse, { tracking, encoding }: MouseMode): number {
  const held = tracking === 'x10' ? 0 : (mouse.shift ? 4 : 0) + (mouse.alt ? 8 : 0) + (mouse.ctrl ? 16 : 0);
  switch (mouse.kind) {
    case 'wheel-up':
      return 64 + held;
    case 'wheel-down':
      return 65 + held;
    case 'press':
      return buttons[mouse.button] + held;
    case 'release':
      // Only the newer form says which button it was.
      return (encoding === 'sgr' ? buttons[mouse.button] : buttons.none) + held;
    case 'drag':
      return 32 + buttons[mouse.button] + held;
    case 'move':
      return 32 + buttons.none + held;
  }
}
