/** Replaces what differs from run to run, ids above all, by something of the same length, so that a second run gives the same picture. */

/** Ids of operations: the time in base 36, and five characters. */
const operation = /\b[0-9a-z]{8}-[0-9a-z]{5}\b/g;
const ulid = /\b[0-9A-HJKMNP-TV-Z]{26}\b/g;
const fingerprint = /SHA256:[A-Za-z0-9+/]{43}/g;
/** The demo's servers listen where there is room. A port may be cut off. */
const port = /(127\.0\.0\.1:)(\d{1,5})/g;
const milliseconds = /(\d\d:\d\d:\d\d)\.\d{3}Z/g;

/** Of a record, which holds its time; it may go on in the next row. */
const recordHash = /(?<=\b(?:hash|prev) +)[0-9a-f]+|(?<=^[│┃ ]*)[0-9a-f]+(?=[│┃ ]*$)/g;

/** Keeps the length of the row. `words` are what this run alone knows, such as the ids of its sessions. */
export function maskRow(row: string, words: readonly string[]): string {
  const known = words.reduce((text, word) => (word === '' ? text : text.replaceAll(word, fill(word))), row);
  return known
    .replaceAll(ulid, fill)
    .replaceAll(operation, (text) => `${fill(text.slice(0, 8))}-${fill(text.slice(9))}`)
    .replaceAll(fingerprint, (text) => `SHA256:${fill(text.slice(7))}`)
    .replaceAll(port, (_all, host: string, digits: string) => `${host}${'22022'.slice(0, digits.length)}`)
    .replaceAll(recordHash, fill)
    .replaceAll(milliseconds, '$1.000Z');
}

/** The same for every text of a length. */
function fill(text: string): string {
  return 'example0example0example0example0example0example0'.slice(0, text.length).padEnd(text.length, '0');
}
