/** A stream must take out what the whole text would lose, wherever the chunks happen to end. */

import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { createRedactionStream } from '../../../src/core/audit/redaction-stream.ts';
import { limits } from '../../../src/core/limits.ts';
import fc from '../../fixtures/properties.ts';

const key = new Uint8Array(32).fill(7);
const body = `${'MIIE'.repeat(16)}\n`.repeat(4);
const lines = [
  'plain text\n',
  'PASSWORD=hunter22\n',
  '{"password": "hunter22"}\n',
  'Authorization: Bearer hunter22-hunter22\n',
  `-----BEGIN PRIVATE KEY-----\n${body}-----END PRIVATE KEY-----\n`,
  `${body}-----END RSA PRIVATE KEY-----\n`,
  `-----BEGIN EC PRIVATE KEY-----\n${body}`,
  'secret: |\n  hunter22\n  more of hunter22\nnext: x\n',
  `${'0123456789abcdef'.repeat(4)}\n`,
  '- name: DB_PASSWORD\n  value: hunter22\n',
  '"Env": [\n  "DB_PASSWORD=hunter22",\n',
  'held-value-42 in a line\r\n',
  '\n',
  'postgres://u:hunter22@db/x\n',
  'ünïcode 🙂\n',
  '"--requirepass",\n"hunter22",\n',
  '- --admin-password\n- hunter22\n',
  '"sensitive": true,\n"type": "string",\n"value": "hunter22"\n',
  'the password to proceed to installation:\n\nhunter22hunter22\n',
  '334 UGFzc3dvcmQ6\nhunter22\n',
];

function feed(texts: readonly string[]): { text: string; count: number } {
  const redactor = createRedactor({ key });
  redactor.hold('held-value-42');
  const stream = createRedactionStream(redactor);
  const text = texts.map((part) => stream.push(part)).join('') + stream.end();
  return { text, count: stream.count };
}

describe('createRedactionStream', () => {
  it('gives the same text wherever the chunks end, and no secret in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...lines), { maxLength: 6 }),
        fc.array(fc.nat(40), { maxLength: 60 }),
        (parts, cuts) => {
          const whole = parts.join('');
          const chunks: string[] = [];
          let from = 0;
          for (const cut of cuts) {
            chunks.push(whole.slice(from, from + cut));
            from += cut;
          }
          chunks.push(whole.slice(from));
          const chunked = feed(chunks);
          expect(chunked).toEqual(feed([whole]));
          for (const secret of ['hunter22', 'MIIEMIIE', 'held-value-42']) expect(chunked.text).not.toContain(secret);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps text without secrets byte for byte', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a b', '\n', '\r\n', 'ü', '0123456789abcdef'.repeat(4), ' '), { maxLength: 30 }),
        (parts) => {
          expect(feed(parts)).toEqual({ text: parts.join(''), count: 0 });
        },
      ),
    );
  });

  it('releases a line as soon as its end has arrived, and hashes once the next line tells', () => {
    const stream = createRedactionStream(createRedactor({ key }));
    expect(stream.push('one\ntwo')).toBe('one\n');
    expect(stream.push(' more\n')).toBe('two more\n');
    expect(stream.push(`${'ab'.repeat(32)}\n`)).toBe('');
    expect(stream.push('x\ny\n')).toContain('ab\nx\n');
    expect(stream.end()).toBe('');
  });

  it('does not hold back a line without an end for ever, and still finds the secret at its cut', () => {
    const stream = createRedactionStream(createRedactor({ key }));
    const piece = `{"n":1,"password":"hunter22"},`;
    let text = '';
    for (let length = 0; length < 3 * limits.redactionHoldCharactersMax; length += 100 * piece.length)
      text += stream.push(piece.repeat(100));
    expect(text.length).toBeGreaterThan(limits.redactionHoldCharactersMax);
    expect(text + stream.end()).not.toContain('hunter22');
  });
});
