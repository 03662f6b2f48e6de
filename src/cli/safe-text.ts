/** Foreign text on its way to a terminal: escaped there, untouched in a pipe or file, where its bytes are what was asked for. */
import { StringDecoder } from 'node:string_decoder';
import { actingCharacter, escapeProse } from '../base/display/escape.ts';
import { escapeReadable } from '../base/display/escape-readable.ts';
import type { CliIo } from './output.ts';

/** Lines and tabs stay; everything that could move a cursor, change a colour or pass for something else is shown as an escape. */
export function toSafeText(text: string): string {
  return toLinesOf(text, escapeProse);
}

/** The same for what is only read, as the output of a command: typographic signs and emoji stay. */
export function toReadableText(text: string): string {
  return toLinesOf(text, escapeReadable);
}

function toLinesOf(text: string, escape: (part: string) => string): string {
  return text
    .split(/(\r?\n|\t)/)
    .map((part, index) => (index % 2 === 1 ? part.replace('\r', '') : escape(part)))
    .join('');
}

/** For a cell of a table or a sentence: one line. */
export function toSafeLine(text: string): string {
  return escapeProse(text);
}

/** The same for what is only read, as a title or the name of a file in a list: typographic signs and emoji stay. */
export function toReadableLine(text: string): string {
  return escapeReadable(text);
}

/** For words of several lines where one line is: an error, a diagnostic. Where a line ended is a mark; exact texts are not for this. */
export function toSafeSentence(text: string): string {
  const lines = text.split('\n').map((line) => line.replaceAll('\t', ' ').trim());
  return escapeProse(lines.filter((line) => line !== '').join(' / '));
}

const actingInJson = new RegExp(`(?!\\n)${actingCharacter.source}`, 'gu');

/** JSON that says the same and holds nothing a terminal would act upon: controls and invisible characters are written as escapes. */
export function toSafeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(actingInJson, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

export interface ByteWriter {
  write(bytes: Uint8Array): void;
  /** The rest of a character that was cut. */
  end(): void;
}

/** Writes remote bytes: as they are into a pipe, onto a terminal as text that `toText` made safe line by line. Bytes of one character may come in pieces. */
export function toByteWriter(stream: CliIo['stdout'], toText: (text: string) => string = toReadableText): ByteWriter {
  if (stream.isTTY !== true) return { write: (bytes) => void stream.write(bytes), end: () => undefined };
  const decoder = new StringDecoder('utf8');
  // A line break of two characters may come in two pieces, so a carriage return waits for what follows.
  let held = '';
  const show = (text: string): void => {
    const all = held + text;
    held = all.endsWith('\r') ? '\r' : '';
    stream.write(toText(held === '' ? all : all.slice(0, -1)));
  };
  return {
    write: (bytes) => show(decoder.write(Buffer.from(bytes))),
    end: () => {
      const rest = held + decoder.end();
      held = '';
      if (rest !== '') stream.write(toText(rest));
    },
  };
}
