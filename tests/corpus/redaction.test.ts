/**
 * Redaction, measured on four pairs of corpora: nearly every secret goes, and nearly everything else stays. The first pair was written
 * with the detectors known, the others by three people who had not seen them. The detectors were extended on all but the last one, which
 * stays held out.
 */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/core/audit/create-redactor.ts';
import { readCorpus } from './read-corpus.ts';

const { redact } = createRedactor({ key: new Uint8Array(32) });

/** [the pair, secrets, harmless texts, how many of each at least] */
const pairs = [
  ['known', 'redaction-secrets.txt', 'redaction-harmless.txt', 120, 150],
  ['blind', 'redaction-secrets-blind.txt', 'redaction-harmless-blind.txt', 200, 250],
  ['second blind', 'redaction-secrets-second-blind.txt', 'redaction-harmless-second-blind.txt', 200, 250],
  ['held out', 'redaction-secrets-held-out.txt', 'redaction-harmless-held-out.txt', 150, 150],
] as const;

describe.each(pairs)('on the pair "%s", redaction', (_pair, secretsFile, harmlessFile, secretsMin, harmlessMin) => {
  const harmless = readCorpus(harmlessFile);
  const secrets = readCorpus(secretsFile).map((line) => {
    const at = line.lastIndexOf('\t');
    return { text: line.slice(0, at), secret: line.slice(at + 1) };
  });

  it('has enough texts to mean something', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(secretsMin);
    expect(harmless.length).toBeGreaterThanOrEqual(harmlessMin);
    expect(secrets.filter(({ text, secret }) => secret.length < 6 || !text.includes(secret))).toEqual([]);
  });

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
