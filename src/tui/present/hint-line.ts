/**
 * The line at the bottom: the keys that work here and now, or one message until the next key. Built from the same table as the help. Pure.
 */
import { type Binding, type Hint, type KeyName, toKeyText } from '../keymap.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { clip, columnsOf, span, spread } from './text.ts';

export interface Message {
  readonly text: string;
  readonly token: Token;
}

/** A message takes the whole line; else as many hints as fit, and always the way to the help. */
export function toHintLine(hints: readonly Hint[], message: Message | null, page: Page): StyledLine {
  if (message) return clip([span(' '), span(message.text, message.token)], page.columns, page.glyphs.ellipsis);
  const help = hints.find((hint) => hint.action === 'help');
  const right = help ? (toPart(help) ?? []) : [];
  const room = page.columns - columnsOf(right);
  const line: Span[] = [];
  for (const hint of hints) {
    if (hint === help) continue;
    const part = toPart(hint);
    if (!part) continue;
    if (columnsOf([...line, ...part]) > room) break;
    line.push(...part);
  }
  return spread(line, right, page.columns);
}

/** Where a key belongs that was pressed beside the waiting card. */
export function toWayToCard(binding: Binding, prefix: KeyName, viewName: string): string {
  const tab = viewName === 'workspace' ? 'Tab or ' : '';
  const key = `${toKeyText(binding.keys[0] ?? '')} ${binding.label}`;
  return `${key} is a key of the waiting card: ${tab}${toKeyText(prefix)} a goes to it.`;
}

/** A key that has no use here is left out; only the main key of a place says why it does nothing yet. */
function toPart(hint: Hint): readonly Span[] | null {
  if (hint.disabled === null) return [span(' '), span(hint.key, 'key'), span(` ${hint.label} `, 'text')];
  if (!hint.isMain) return null;
  return [span(' '), span(hint.key, 'muted'), span(` ${hint.label}: ${hint.disabled} `, 'muted')];
}
