/**
 * The escaper for what people only read and nobody decides upon: what is said in a conversation, titles, names in lists, what commands
 * printed. It knows no colours and no screens.
 */
import { treatBeside, treatBesideEmoji } from './emoji.ts';
import { escapeProse } from './escape.ts';
import type { Charset } from './wrap.ts';

/** Signs that people and programs write in every second line: dashes, quotes, arrows, lines, bars, marks. They are no letters and take the place of none. */
const typography =
  /([\u00ab\u00bb\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2190-\u2193\u2500-\u25fc\u2713\u2714\u2717\u2718\u2705\u274c\u00b7\u00d7\u00b0]+)/u;

/**
 * The mildest of three, each for its places:
 *
 * - `escapeExact`: argv, paths and ids on cards, in the audit log and in policy. Only printable ASCII is left.
 * - `escapeProse`: contents that are decided upon, as the diff on a card, and sentences that quote what is foreign. Letters of one script stay.
 * - this one: the rest. Typographic signs and whole emoji stay as well, though some of them look like others.
 *
 * All of them escape what is invisible, acts, reorders or joins, and none strips anything: each result can be read back. One line; line
 * feeds and tabs are escaped, too.
 */
export function escapeReadable(text: string, charset: Charset = 'unicode'): string {
  if (charset === 'ascii' || /^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return escapeProse(text, charset);
  return treatBesideEmoji(text, (rest) => treatBeside(rest, typography, (part) => escapeProse(part)));
}
