/**
 * Emoji as Unicode recommends them for interchange (UTS #51, RGI): pictographs with their selectors, skin tones and joiners, keycaps and
 * flags, each as a whole. A joiner, selector or tag anywhere else is no part of one. Knows no colours and no widths.
 */

/** Every emoji sequence has one of these in it. To make the patterns below takes as long as half a first frame, so they wait for one. */
const emojiSign = /[\p{Emoji_Presentation}\ufe0f\u20e3]/u;
// The `v` flag knows them as sequences, and takes the longest.
let runs: RegExp | null = null;
let whole: RegExp | null = null;

/** `treat`s everything but the emoji of a text, part by part. */
export function treatBesideEmoji(text: string, treat: (part: string) => string): string {
  if (!emojiSign.test(text)) return treat(text);
  // What an emoji may begin with is looked at first: trying all of them at each character would take fifty times as long. A skin tone
  // alone would be drawn over whatever stands before it.
  runs ??= new RegExp('((?:(?=[\\p{Emoji}--[0-9#*]]|[0-9#*]\\ufe0f)(?!\\p{Emoji_Modifier})\\p{RGI_Emoji})+)', 'v');
  return treatBeside(text, runs, treat);
}

/** Whether the text is one emoji and nothing else. */
export function isEmoji(text: string): boolean {
  if (!emojiSign.test(text)) return false;
  whole ??= new RegExp('^\\p{RGI_Emoji}$', 'v');
  return whole.test(text);
}

/** `treat`s everything but what the pattern captures, which is all that it matches. */
export function treatBeside(text: string, captured: RegExp, treat: (part: string) => string): string {
  return text
    .split(captured)
    .map((part, index) => (index % 2 === 1 ? part : treat(part)))
    .join('');
}
