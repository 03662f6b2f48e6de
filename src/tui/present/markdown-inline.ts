/**
 * Words of Markdown as spans: strong, emphasised, code, links with their address in sight, and what else was written. Pure.
 */
import type { Token as MarkedToken, Tokens } from 'marked';
import { escapeActing } from '../../base/display/escape.ts';
import type { Span, StyledLine } from '../styled.ts';

export type InlineLook = Omit<Span, 'text'>;

/** The lines of some words; a line of the source stays a line. */
export function toInlineLines(tokens: readonly MarkedToken[], look: InlineLook): readonly StyledLine[] {
  const lines: Span[][] = [[]];
  for (const { text, ...style } of toSpans(tokens, look)) {
    // The text was escaped before it was parsed; should the parser ever make something of its own, it does not act either.
    escapeActing(text)
      .split('\n')
      .forEach((part, index) => {
        if (index > 0) lines.push([]);
        if (part !== '') lines.at(-1)?.push({ ...style, text: part });
      });
  }
  while (lines.length > 1 && lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

function toSpans(tokens: readonly MarkedToken[], look: InlineLook): readonly Span[] {
  return tokens.flatMap((token): readonly Span[] => {
    switch (token.type) {
      case 'strong':
        return toSpans((token as Tokens.Strong).tokens, { ...look, bold: true });
      case 'em':
        return toSpans((token as Tokens.Em).tokens, { ...look, italic: true });
      case 'codespan':
        return [{ ...look, text: (token as Tokens.Codespan).text, token: 'code' }];
      case 'del':
        return [{ ...look, text: '~~' }, ...toSpans((token as Tokens.Del).tokens, look), { ...look, text: '~~' }];
      case 'link':
        return toLinkSpans(token as Tokens.Link, look);
      case 'image':
        return toImageSpans(token as Tokens.Image, look);
      case 'br':
        return [{ ...look, text: '\n' }];
      case 'checkbox':
        return [];
      case 'html':
        return [{ ...look, text: isBreak(token.raw) ? '\n' : token.raw, token: look.token ?? 'muted' }];
      case 'escape':
        return [{ ...look, text: (token as Tokens.Escape).text }];
      default:
        return toTextSpans(token as Tokens.Text, look);
    }
  });
}

/** As it was written: the parser would put characters in the place of their numbers. */
function toTextSpans({ tokens, raw }: Tokens.Text, look: InlineLook): readonly Span[] {
  return tokens ? toSpans(tokens, look) : [{ ...look, text: toCharacters(raw) }];
}

/** The address is what a link is: it is always there to read, and nothing else can be opened. */
function toLinkSpans({ href, title, text, tokens }: Tokens.Link, look: InlineLook): readonly Span[] {
  const address = { ...look, token: 'accent', underline: true } as const;
  if (text === href || `mailto:${text}` === href) return [{ ...address, text }];
  return [...toSpans(tokens, { ...look, underline: true }), ...toAddress(href, title ?? null, look)];
}

function toImageSpans({ href, title, text }: Tokens.Image, look: InlineLook): readonly Span[] {
  return [{ ...look, text: text === '' ? 'image' : `image: ${text}` }, ...toAddress(href, title, look)];
}

function toAddress(href: string, title: string | null, look: InlineLook): readonly Span[] {
  const muted = { ...look, token: 'muted' } as const;
  const end = title === null || title === '' ? ')' : ` "${title}")`;
  return [
    { ...muted, text: ' (' },
    { ...look, token: 'accent', underline: true, text: href },
    { ...muted, text: end },
  ];
}

function isBreak(html: string): boolean {
  return /^<br\s*\/?>$/i.test(html);
}

const characters: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&nbsp;': ' ',
};

/** Names that agents write for characters of their own markup; anything else stays as it came, so that nothing new can come of it. */
function toCharacters(text: string): string {
  return text.includes('&')
    ? text.replace(/&(?:amp|lt|gt|quot|#39|apos|nbsp);/g, (name) => characters[name] ?? name)
    : text;
}
