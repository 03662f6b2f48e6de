/**
 * The line at the bottom: the keys that work here and now, or one message until the next key. Built from the same table as the help. Pure.
 */
import { keyWord } from '../key-words.ts';
import { type Action, type Binding, type Hint, type KeyName, toKeyText } from '../keymap.ts';
import type { Span, StyledLine, Token } from '../styled.ts';
import type { Page } from './page.ts';
import { columnsOf, conversationLines, span, spread, wrap } from './text.ts';

export interface Message {
  readonly text: string;
  readonly token: Token;
}

/** A message takes the place of the keys, on as many lines as it needs. It may quote what is foreign, so it is escaped here and only here. */
export function toMessageLines(message: Message, page: Page): readonly StyledLine[] {
  const lines = conversationLines(message.text.trim());
  return lines.flatMap((line) => wrap([span(line, message.token)], page.columns, [span(' ')]));
}

/** As many hints as fit, and always the way to the help. */
export function toHintLine(hints: readonly Hint[], page: Page): StyledLine {
  const { shown, help } = toShown(hints, page);
  return spread(
    shown.flatMap(({ part }) => part),
    help?.part ?? [],
    page.columns,
  );
}

/** The action whose key or label stands in this column of the line; null beside all of them. */
export function toHintAt(hints: readonly Hint[], page: Page, x: number): Action | null {
  const { shown, help } = toShown(hints, page);
  let at = 0;
  for (const { hint, part } of shown) {
    at += columnsOf(part);
    if (x < at) return hint.action;
  }
  return help && x >= page.columns - columnsOf(help.part) ? help.hint.action : null;
}

interface ShownHint {
  readonly hint: Hint;
  readonly part: readonly Span[];
}

function toShown(
  hints: readonly Hint[],
  page: Page,
): { readonly shown: readonly ShownHint[]; readonly help: ShownHint | null } {
  const help = hints.find((hint) => hint.action === 'help');
  const helpPart = help ? (toPart(help) ?? []) : [];
  // One column stays between the two sides.
  let room = page.columns - columnsOf(helpPart) - (helpPart.length > 0 ? 1 : 0);
  const shown: ShownHint[] = [];
  for (const hint of hints) {
    const part = hint === help ? null : toPart(hint);
    if (!part) continue;
    room -= columnsOf(part);
    if (room < 0) break;
    shown.push({ hint, part });
  }
  return { shown, help: help ? { hint: help, part: helpPart } : null };
}

/** Where a key belongs that was pressed beside the waiting card. */
export function toWayToCard(binding: Binding, prefix: KeyName): string {
  const key = `${toKeyText(binding.keys[0] ?? '')} ${binding.label}`;
  return `${key} is a key of the waiting card; ${toKeyText(prefix)} ${keyWord('prefix', 'goToCard')} goes to it.`;
}

/** A key that has no use here is left out; only the main key of a place says why it does nothing yet. */
function toPart(hint: Hint): readonly Span[] | null {
  if (hint.disabled === null) return [span(' '), span(hint.key, 'key'), span(` ${hint.label} `, 'text')];
  if (!hint.isMain) return null;
  return [span(' '), span(hint.key, 'muted'), span(` ${hint.label}: ${hint.disabled} `, 'muted')];
}
