/** Replaces secrets in texts and argument lists by placeholders. Layers of detectors look at the original text; no layer sees another's work. */
import { createHmac } from 'node:crypto';
import { limits } from '../limits.ts';
import { createHeldValues } from './held-values.ts';
import { findPrivateKeys } from './private-keys.ts';
import type { Redacted, Redactor } from './redactor.ts';
import { toSecretOffsets } from './secret-argv.ts';
import { findAssignments } from './secret-assignments.ts';
import { findCalls } from './secret-calls.ts';
import { findEncoded } from './secret-encoded.ts';
import { findNeighbours } from './secret-neighbours.ts';
import { findPhrases } from './secret-phrases.ts';
import { findTokens, findWebhooks } from './secret-shapes.ts';
import { findCommands, findElements, findFlags, findLogins, findPairs, findUserinfo } from './secret-texts.ts';
import { type Detector, joinSpans, placeholderPattern, type Span } from './spans.ts';

const detectors: readonly Detector[] = [
  findPrivateKeys,
  findTokens,
  findWebhooks,
  findUserinfo,
  findAssignments,
  findFlags,
  findCommands,
  findElements,
  findLogins,
  findPairs,
  findPhrases,
  findCalls,
  findNeighbours,
  findEncoded,
];

/** @param options.key secret bytes; equal values get equal placeholders under one key, and nobody without it can test a guess. */
export function createRedactor(options: { readonly key: Uint8Array }): Redactor {
  const held = createHeldValues();
  const toPlaceholder = createPlaceholders(options.key);

  // Records say the same few words again and again; a text that held nothing holds nothing until one more value is held.
  const clean = new Set<string>();

  function findAll(text: string): Span[] {
    const isShort = text.length <= limits.cleanTextCharactersMax;
    if (isShort && clean.has(text)) return [];
    const spans = held.find(text);
    for (const find of detectors) spans.push(...find(text));
    if (isShort && spans.length === 0) remember(text);
    return spans;
  }

  function remember(text: string): void {
    const oldest = clean.values().next();
    if (clean.size >= limits.cleanTextsMax && !oldest.done) clean.delete(oldest.value);
    clean.add(text);
  }

  function replace(text: string, spans: readonly Span[], start = 0, end = text.length): Redacted {
    const joined = joinSpans(text, spans).filter((span) => span.end > start && span.start < end);
    if (joined.length === 0) return { text: text.slice(start, end), count: 0 };
    const parts: string[] = [];
    let from = start;
    for (const span of joined) {
      parts.push(text.slice(from, Math.max(from, span.start)), toPlaceholder(text.slice(span.start, span.end)));
      from = span.end;
    }
    parts.push(text.slice(from, Math.max(from, end)));
    return { text: parts.join(''), count: joined.length };
  }

  return {
    hold(value) {
      held.add(value);
      clean.clear();
    },
    redact: (text) => replace(text, findAll(text)),
    redactPart: (text, start, end) => replace(text, findAll(text), start, end),
    redactArgv(argv) {
      let count = 0;
      const offsets = toSecretOffsets(argv);
      const words = argv.map((word, index) => {
        const offset = offsets[index];
        const spans = findAll(word);
        if (offset !== null && offset !== undefined) spans.push({ start: offset, end: word.length });
        const redacted = replace(word, spans);
        count += redacted.count;
        return redacted.text;
      });
      return { argv: words, count };
    },
    hasPlaceholder: (text) => text.search(placeholderPattern) !== -1,
  };
}

/** Four hexadecimal digits are easy to tell apart by eye; a value whose digits are taken gets more of its own. */
function createPlaceholders(key: Uint8Array): (value: string) => string {
  const digitsOf = new Map<string, string>();
  const taken = new Set<string>();
  return (value) => {
    const digest = createHmac('sha256', key).update(value, 'utf8').digest('hex');
    let digits = digitsOf.get(digest);
    if (digits === undefined) {
      // Past the bound the digits are as long as it takes to be unique without remembering them.
      const isFull = digitsOf.size >= limits.placeholdersMax;
      let length = isFull ? 32 : 4;
      while (taken.has(digest.slice(0, length)) && length < digest.length) length += 2;
      digits = digest.slice(0, length);
      if (!isFull) {
        digitsOf.set(digest, digits);
        taken.add(digits);
      }
    }
    return `«redacted:${digits}»`;
  };
}
