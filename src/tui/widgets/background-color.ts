/** The question which background a terminal has, and what its answer means. Writes nothing itself. */

/** OSC 11 with "?" (xterm control sequences); terminals that do not know it ignore it. */
export const backgroundQuestion = '\x1b]11;?\x1b\\';

/** `0xrrggbb` from the answer `rgb:R/G/B` with one to four hex digits each, also with an alpha value; null for any other reply. */
export function readBackgroundAnswer(reply: string): number | null {
  const [, red, green, blue] =
    /^\x1b\]11;rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\/[0-9a-f]{1,4})?(?:\x07|\x1b\\|\x9c)?$/i.exec(
      reply,
    ) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return null;
  const channel = (digits: string): number =>
    Math.round((Number.parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);
  return (channel(red) << 16) | (channel(green) << 8) | channel(blue);
}

/** What COLORFGBG says of the background (`15;0`, `0;default;15`): rxvt's convention, which Konsole and others follow; null when nothing. */
export function readColorFgBg(value: string | undefined): 'light' | 'dark' | null {
  const last = value?.split(';').at(-1) ?? '';
  if (!/^\d{1,2}$/.test(last) || Number(last) > 15) return null;
  return Number(last) === 7 || Number(last) > 8 ? 'light' : 'dark';
}
