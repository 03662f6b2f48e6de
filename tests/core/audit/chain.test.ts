/** The chain's arithmetic, against the definition computed by hand. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainRecord, firstPrev, toRecordLine, type UnchainedRecord } from '../../../src/core/audit/chain.ts';
import { createChainVerifier } from '../../../src/core/audit/chain-verifier.ts';

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
