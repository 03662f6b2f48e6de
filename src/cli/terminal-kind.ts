/** What TERM says about a terminal before a screen is drawn on it. Reads no terminal database: it knows families by their names. */

/** Families that place text, colour it and have an alternate screen, as the screen needs it. */
const known =
  /^(xterm|tmux|screen|rxvt|linux|vt[1-5]\d\d|alacritty|foot|kitty|wezterm|ghostty|konsole|gnome|st$|st-|putty|cygwin|iterm|mintty|contour|mlterm|vscode|rio|nsterm|dtterm|eterm|terminator|zellij)/i;

export type TerminalKind =
  | { readonly kind: 'known' }
  /** It may draw; the sentence says what to do when it does not. */
  | { readonly kind: 'unknown'; readonly sentence: string }
  /** It cannot place text at all. */
  | { readonly kind: 'dumb'; readonly sentence: string };

/** @param term the value of TERM; undefined when it is not set. */
export function toTerminalKind(term: string | undefined): TerminalKind {
  if (term === undefined || term === '' || term === 'dumb') {
    const found = term === undefined || term === '' ? 'TERM is not set' : `TERM is "${term}"`;
    const sentence = `${found}, so this terminal cannot show the screen; set TERM to what it is (for example xterm-256color), or use the commands that \`signalbox --help\` lists.`;
    return { kind: 'dumb', sentence };
  }
  if (known.test(term)) return { kind: 'known' };
  const sentence = `Unknown TERM "${term}": if this looks wrong, set TERM=xterm-256color.`;
  return { kind: 'unknown', sentence };
}

/** Why no screen can be drawn here, or null. */
export function whyNoScreen({ stdin, stdout, env }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'env'>): string | null {
  if (!stdin.isTTY || !stdout.isTTY) {
    return 'The screen needs a terminal; `signalbox --help` lists what works without one.';
  }
  const kind = toTerminalKind(env['TERM']);
  return kind.kind === 'dumb' ? kind.sentence : null;
}
