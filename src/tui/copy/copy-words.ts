/**
 * Where words begin and end, as vi counts them: runs of letters and digits, runs of other signs, and blanks between. A word that was broken
 * at the side of the screen is one. Pure.
 */
import type { CopyPlace } from './copy-model.ts';
import { type CopyText, characterAt, endOfCharacter, lastOffset } from './copy-text.ts';

export type WordMotion = 'wordForward' | 'wordBack' | 'wordEnd';

type Kind = 'blank' | 'word' | 'sign';

export const wordMotions: Readonly<Record<WordMotion, (text: CopyText, from: CopyPlace) => CopyPlace>> = {
  wordForward: (text, from) => {
    const last = edgeOf(text, from, 1);
    let place: CopyPlace | null = kindAt(text, from) === 'blank' ? from : next(text, last);
    while (place && kindAt(text, place) === 'blank') {
      if (isEmptyRow(text, place) && place.row !== from.row) return place;
      place = next(text, place);
    }
    return place ?? lastPlace(text);
  },
  wordBack: (text, from) => {
    let place = previous(text, from);
    while (place && kindAt(text, place) === 'blank') {
      if (isEmptyRow(text, place)) return place;
      place = previous(text, place);
    }
    return place ? edgeOf(text, place, -1) : { row: 0, at: 0 };
  },
  wordEnd: (text, from) => {
    let place = next(text, from);
    while (place && kindAt(text, place) === 'blank') place = next(text, place);
    return place ? edgeOf(text, place, 1) : lastPlace(text);
  },
};

/** The word at a place from its first to its last character; runs of blanks are one, too. */
export function wordAt(text: CopyText, place: CopyPlace): { readonly first: CopyPlace; readonly last: CopyPlace } {
  return { first: edgeOf(text, place, -1), last: edgeOf(text, place, 1) };
}

/** The last character of the same kind in a direction. */
function edgeOf(text: CopyText, from: CopyPlace, step: 1 | -1): CopyPlace {
  const kind = kindAt(text, from);
  let place = from;
  for (;;) {
    const beside = sameLine(text, place, step);
    if (!beside || kindAt(text, beside) !== kind) return place;
    place = beside;
  }
}

function kindAt(text: CopyText, { row, at }: CopyPlace): Kind {
  const known = text.row(row);
  // Indentation and marks that are not the text's are blanks.
  if (at >= known.to || (known.continues !== null && at < known.from)) return 'blank';
  const character = known.text.slice(at, endOfCharacter(known, at));
  if (/^\s*$/.test(character)) return 'blank';
  return /^[\p{L}\p{N}\p{M}_]/u.test(character) ? 'word' : 'sign';
}

function isEmptyRow(text: CopyText, { row }: CopyPlace): boolean {
  return text.row(row).text === '';
}

/** The character beside in the same line of the source. */
function sameLine(text: CopyText, place: CopyPlace, step: 1 | -1): CopyPlace | null {
  const row = text.row(place.row);
  const index = characterAt(row, place.at) + step;
  const first = row.continues === null ? 0 : row.from;
  const at = row.offsets[index];
  const isInside = index >= 0 && index < row.offsets.length - 1 && at !== undefined && at < row.to && at >= first;
  if (isInside) return { row: place.row, at };
  if (step === 1) {
    const below = text.row(place.row + 1);
    return below.continues === '' && place.row + 1 < text.count ? { row: place.row + 1, at: below.from } : null;
  }
  if (row.continues !== '' || place.row === 0) return null;
  const above = text.row(place.row - 1);
  return { row: place.row - 1, at: above.offsets[characterAt(above, Math.max(0, above.to - 1))] ?? 0 };
}

function nextRow(text: CopyText, { row }: CopyPlace): CopyPlace | null {
  return row + 1 < text.count ? { row: row + 1, at: 0 } : null;
}

function next(text: CopyText, place: CopyPlace): CopyPlace | null {
  const row = text.row(place.row);
  const at = row.offsets[characterAt(row, place.at) + 1];
  return at !== undefined && at < row.text.length ? { row: place.row, at } : nextRow(text, place);
}

function previous(text: CopyText, place: CopyPlace): CopyPlace | null {
  const row = text.row(place.row);
  const index = characterAt(row, place.at) - 1;
  if (index >= 0) return { row: place.row, at: row.offsets[index] ?? 0 };
  return place.row === 0 ? null : { row: place.row - 1, at: lastOffset(text.row(place.row - 1)) };
}

function lastPlace(text: CopyText): CopyPlace {
  const row = Math.max(0, text.count - 1);
  return { row, at: lastOffset(text.row(row)) };
}
