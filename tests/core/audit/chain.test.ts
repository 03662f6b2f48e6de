/** The chain's arithmetic, against the definition computed by hand. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { chainRecord, firstPrev, toRecordLine, type UnchainedRecord } from '../../../src/core/audit/chain.ts';
import { createChainVerifier } from '../../../src/core/audit/chain-verifier.ts';
import fc from '../../fixtures/properties.ts';

const record: UnchainedRecord = {
  v: 1,
  seq: 1,
  ts: '2026-01-01T00:00:00.000Z',
  type: 'intent',
  id: 'a',
  path: '/é"\u0001',
  durationMs: 1e21,
  exitCode: -0,
};

describe('chainRecord', () => {
  it('hashes the previous hash, a line feed and the RFC 8785 form without prev and hash', () => {
    const canonical =
      '{"durationMs":1e+21,"exitCode":0,"id":"a","path":"/é\\"\\u0001","seq":1,"ts":"2026-01-01T00:00:00.000Z","type":"intent","v":1}';
    const hash = createHash('sha256')
      .update(`${'0'.repeat(64)}\n${canonical}`)
      .digest('hex');
    expect(chainRecord(record, firstPrev)).toEqual({ ...record, prev: '0'.repeat(64), hash });
  });

  it('does not depend on the order of fields', () => {
    const reversed = Object.fromEntries(Object.entries(record).reverse()) as unknown as UnchainedRecord;
    expect(chainRecord(reversed, firstPrev).hash).toBe(chainRecord(record, firstPrev).hash);
  });

  it('verifies what it wrote, and nothing with any one character changed', () => {
    const line = toRecordLine(chainRecord(record, firstPrev));
    expect(createChainVerifier().check(line, { file: 'f', line: 1 })).toBeNull();
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.constantFrom('0', 'a', ' ', '"', 'é', ''), (at, character) => {
        const changed = line.slice(0, at) + character + line.slice(at + 1);
        fc.pre(changed !== line);
        expect(createChainVerifier().check(changed, { file: 'f', line: 1 })).not.toBeNull();
      }),
    );
  });
});

const name = fc.oneof(
  fc.constantFrom('note', 'hashes', 'zz', '__proto__', '10', '9', '9a', 'é', '\u{1f600}', '\ufb33', 'argv', ' ', '"'),
  fc.string({ maxLength: 4 }),
);
const text = fc.oneof(
  fc.constantFrom('","hash":"', `"hash":"${'0'.repeat(64)}",`, '\\"prev":"', '\u2028', '', '\u007f'),
  fc.string({ unit: 'grapheme' }),
);
const value = fc.oneof(
  text,
  fc.array(text, { maxLength: 3 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, undefined),
  fc.dictionary(name, text, { maxKeys: 2 }),
);

describe('a line of the log', () => {
  it('is the RFC 8785 form of its record, whatever its fields are, and passes as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 6 }), (more) => {
        const chained = chainRecord({ ...more, ...record }, firstPrev);
        const line = toRecordLine(chained);
        expect(line).toBe(canonicalize(chained));
        expect(createChainVerifier().check(line, { file: 'f', line: 1 })).toBeNull();
      }),
    );
  });

  it.each([
    ['names in another order', (line: string) => line.replace(/^\{("durationMs":[^,]*),("exitCode":0)/, '{$2,$1')],
    ['a field twice', (line: string) => line.replace('"exitCode":0', '"exitCode":1,"exitCode":0')],
    ['another spelling of a number', (line: string) => line.replace('1e+21', '1E21')],
    ['another escape', (line: string) => line.replace('é', '\\u00e9')],
    ['a space behind it', (line: string) => `${line} `],
  ])('is not as it was written with %s', (_what, change) => {
    const line = toRecordLine(chainRecord(record, firstPrev));
    const changed = change(line);
    expect(changed).not.toBe(line);
    const problem = createChainVerifier().check(changed, { file: 'f', line: 1 });
    expect(problem?.problem).toContain('not spelled as it was written');
  });

  it.each([
    ['a field more', (line: string) => line.replace(',"id":"a"', ',"id":"a","note":"x"')],
    ['a value changed', (line: string) => line.replace('"exitCode":0', '"exitCode":1')],
    ['a hash of another record', (line: string) => line.replace(/"hash":"[^"]*"/, `"hash":"${'1'.repeat(64)}"`)],
  ])('is not as it was written with %s', (_what, change) => {
    const changed = change(toRecordLine(chainRecord(record, firstPrev)));
    const problem = createChainVerifier().check(changed, { file: 'f', line: 1 });
    expect(problem?.problem).toContain('was changed after it was written');
  });
});
