/** Finds base64 of JSON, YAML and environment files that hold secrets: `.dockerconfigjson`, tokens of tunnels, kubeconfigs. Reads the text behind the encoding. */
import { Buffer } from 'node:buffer';
import { findAssignments } from './secret-assignments.ts';
import type { Span } from './spans.ts';
import { createWordStarts } from './word-starts.ts';

/** `{"`, `{\n`, `{ "`, `[{`, `apiVersion`, `[default`, `export ` in base64. */
const starts = createWordStarts(['eyJ', 'ewo', 'eyA', 'ewk', 'ew0', 'W3s', 'YXB', 'W2R', 'ZXh']);
const encoded = /[A-Za-z0-9+/_-]{24,65536}={0,2}/y;

export function findEncoded(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const start of starts(text)) {
    if (start < done) continue;
    encoded.lastIndex = start;
    const run = encoded.exec(text)?.[0];
    if (run === undefined) continue;
    done = start + run.length;
    const plain = Buffer.from(run, 'base64').toString('latin1');
    if (isText(plain) && findAssignments(plain).length > 0) spans.push({ start, end: done });
  }
  return spans;
}

/** Nothing but characters that a file of settings holds. */
function isText(plain: string): boolean {
  return !/[^\t\n\r -~\u0080-\u00ff]/.test(plain);
}
