/** The sequences that switch a terminal into and out of full-screen use. Knows no streams. */

/**
 * Alternate screen (1049), no automatic wrap (7), bracketed paste (2004), focus reports (1004), the kitty keyboard protocol's first level
 * (terminals without it ignore the sequence), xterm's modifyOtherKeys for those (else Shift-Enter is Enter there; the SGR reset is for terminals
 * that take it for an underline), mouse reports in SGR form (1000 buttons, 1002 drags, 1006 form).
 */
export function enterSequence(mouse: 'mouse' | 'no-mouse'): string {
  const reports = mouse === 'mouse' ? '\x1b[?1000h\x1b[?1002h\x1b[?1006h' : '';
  return `\x1b[?1049h\x1b[2J\x1b[?7l\x1b[?25l\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[>4;1m\x1b[0m${reports}`;
}

/** Moves with no button held, too (1003), or drags alone again: terminals have one of these modes at a time, so the others are set anew. */
export function movesSequence(moves: MouseMoves): string {
  return moves === 'moves' ? '\x1b[?1003h' : '\x1b[?1003l\x1b[?1000h\x1b[?1002h';
}

/** Whether the terminal tells of the mouse also while no button is held. */
export type MouseMoves = 'moves' | 'no-moves';

/**
 * Undoes everything `enterSequence` and a frame can have switched on; the CAN first ends a sequence that was cut in two. The screen is cleared, too:
 * where there is no alternate one (GNU screen without `altscreen on`), the shell goes on at the top of an empty screen.
 */
export const leaveSequence =
  '\x18\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[>4m\x1b[<u\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[2J\x1b[H\x1b[?7h\x1b[?1049l\x1b[?25h';

/** Sets the window title (OSC 2); control characters are left out, because they would end the sequence. */
export function titleSequence(title: string): string {
  return `\x1b]2;${withoutControls(title).slice(0, titleCharactersMax)}\x07`;
}

/** Copies text to the clipboard of the terminal (OSC 52, xterm); longer texts are refused by terminals, so they are not sent. */
export function clipboardSequence(text: string): string | null {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  return encoded.length > clipboardCharactersMax ? null : `\x1b]52;c;${encoded}\x07`;
}

/** Titles longer than this are cut by every terminal. */
const titleCharactersMax = 200;
/** xterm's own bound for OSC 52 is near this; others are smaller or the same. */
const clipboardCharactersMax = 100_000;
/** As many bytes have room in it as base64. */
export const clipboardBytesMax = (clipboardCharactersMax / 4) * 3;

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
