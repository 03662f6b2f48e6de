/** The last bytes of a text, cut between characters: what `outputByteLimit` of the protocol asks for. */

/** @param bytesMax the UTF-8 length of the result is never above it. */
export function toTailText(text: string, bytesMax: number): { readonly text: string; readonly truncated: boolean } {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return { text, truncated: false };
  let from = bytes.length - bytesMax;
  // Bytes 10xxxxxx continue a character (RFC 3629): the first kept byte must start one.
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return { text: bytes.toString('utf8', from), truncated: true };
}
