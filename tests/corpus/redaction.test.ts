/** Redaction, measured on texts that were written without its patterns: nearly every secret goes, and nearly everything else stays. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import { readCorpus } from './read-corpus.ts';

const { redact } = createRedactor({ key: new Uint8Array(32) });
const secrets = readCorpus('redaction-secrets.txt').map((line) => {
  const at = line.lastIndexOf('\t');
  return { text: line.slice(0, at), secret: line.slice(at + 1) };
});
const harmless = readCorpus('redaction-harmless.txt');

describe('the corpus', () => {
  it('is large enough to mean something', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(120);
    expect(harmless.length).toBeGreaterThanOrEqual(150);
    expect(secrets.filter(({ text, secret }) => secret.length < 8 || !text.includes(secret))).toEqual([]);
  });
});

describe('redaction', () => {
  it('takes 95 % of the secrets at least', () => {
    const kept = secrets.filter(({ text, secret }) => redact(text).text.includes(secret)).map(({ text }) => text);
    const share = 1 - kept.length / secrets.length;
    expect(share, `These stay:\n${kept.join('\n')}`).toBeGreaterThanOrEqual(0.95);
  });

  it('leaves 98 % of the rest untouched at least', () => {
    const changed = harmless.filter((text) => redact(text).text !== text);
    const share = 1 - changed.length / harmless.length;
    expect(share, `These change:\n${changed.join('\n')}`).toBeGreaterThanOrEqual(0.98);
  });
});
