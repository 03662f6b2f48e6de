/** What redaction must take out and what it must leave. */

import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import type { Redactor } from '../../../src/core/audit/redactor.ts';
import fc from '../../fixtures/properties.ts';
import { argvCases } from './argv-cases.ts';
import { mustStayBeside } from './harmless-beside.ts';
import { mustGo as mustGoByName, mustStay as mustStayByName, tokens } from './secrets.ts';
import { mustGoBeside } from './secrets-beside.ts';

const mustGo = [...mustGoByName, ...mustGoBeside];
const mustStay = [...mustStayByName, ...mustStayBeside];

const toShape = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/«redacted:[0-9a-f]+»/g, '«»'));

const create = (): Redactor => createRedactor({ key: new Uint8Array(32).fill(7) });

describe('createRedactor', () => {
  it('says the same of a text however often it has seen it, and whatever was held meanwhile', () => {
    const text = fc.oneof(
      fc.constantFrom(...mustGo.map(([one]) => one), ...mustStay, ...tokens.map(([, secret]) => secret)),
      fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '=', ' ', '/') }),
      fc.constantFrom('deploy-marker', 'the deploy-marker here', 'x'.repeat(400)),
    );
    const step = fc.record({ text, isHeld: fc.boolean(), isArgv: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const used = create();
        const held: string[] = [];
        for (const { text, isHeld, isArgv } of [...steps, ...steps]) {
          if (isHeld) {
            held.push(text);
            used.hold(text);
          }
          const fresh = create();
          for (const value of held) fresh.hold(value);
          const argv = ['run', text, '--password', text];
          // Which digits stand for a value depends on what came before; what is taken out does not.
          if (isArgv) expect(toShape(used.redactArgv(argv))).toEqual(toShape(fresh.redactArgv(argv)));
          else expect(toShape(used.redact(text))).toEqual(toShape(fresh.redact(text)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets the oldest of the texts that held nothing, and knows the rest', () => {
    const redactor = create();
    for (let count = 0; count < 3_000; count += 1)
      expect(redactor.redact(`word ${count}`)).toEqual({ text: `word ${count}`, count: 0 });
    redactor.hold('word 2999');
    expect(redactor.redact('word 2999').count).toBe(1);
    expect(redactor.redact('word 0').count).toBe(0);
  });

  it.each(mustGo)('takes the secret out of %j', (text, secret) => {
    const redacted = create().redact(text);
    expect(redacted.text).not.toContain(secret);
    expect(redacted.text).toMatch(/«redacted:[0-9a-f]{4}»/);
    expect(redacted.count).toBeGreaterThan(0);
  });

  it.each(tokens)('knows the shape of a token of %s anywhere in a text', (_issuer, secret) => {
    for (const text of [secret, `x ${secret} y`, `a="${secret}"`, `(${secret})`, `line\\n${secret}`, `url/${secret}`])
      expect(create().redact(text).text).not.toContain(secret.slice(-12));
  });

  it.each(mustStay)('leaves %j as it is', (text) => {
    expect(create().redact(text)).toEqual({ text, count: 0 });
  });

  it.each(argvCases)('knows which words of %j are secret', (argv, secrets) => {
    const redacted = create().redactArgv(argv);
    redacted.argv.forEach((word, index) => {
      const secret = secrets[index];
      if (secret === null || secret === undefined) expect(word).toBe(argv[index]);
      else {
        expect(word).not.toContain(secret);
        expect(word).toMatch(/«redacted:[0-9a-f]{4}»$|«redacted:[0-9a-f]{4}» /);
      }
    });
    expect(redacted.count).toBe(secrets.filter((secret) => secret !== null).length);
  });

  it('takes out a held value in every form a program may print it', () => {
    const redactor = create();
    const value = 'p@ss "word"/42 ünï';
    redactor.hold(value);
    const forms = [
      value,
      Buffer.from(value).toString('base64'),
      Buffer.from(`user:${value}`).toString('base64'),
      Buffer.from(`ab${value}cd`).toString('base64'),
      Buffer.from(value).toString('hex'),
      encodeURIComponent(value),
      JSON.stringify({ x: value }),
    ];
    for (const form of forms) expect(redactor.redact(`before ${form} after`).count, form).toBeGreaterThan(0);
    expect(redactor.redact(`before ${value} after`).text).toMatch(/^before «redacted:[0-9a-f]{4}» after$/);
  });

  it('takes a key block out wherever its text is cut', () => {
    const body = Array.from({ length: 6 }, (_, line) => String.fromCharCode(65 + line).repeat(64));
    const text = ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----', ''].join('\n');
    const secondLine = text.indexOf('\n') + 1;
    const redactor = create();
    for (let cut = 0; cut <= text.length; cut += 1) {
      // First its beginning is left, then its end.
      if (cut >= secondLine) expect(redactor.redact(text.slice(0, cut)).text).not.toMatch(/[A-F]{16}/);
      if (cut <= text.lastIndexOf('-----END'))
        expect(redactor.redact(text.slice(cut)).text).not.toMatch(/([A-F])\1{15}/);
    }
  });

  it('takes held values out of printed environments, also where they were base64-encoded', () => {
    const redactor = create();
    redactor.hold('correct-horse-42');
    const coded = Buffer.from('APP_URL=https://me:correct-horse-42@db/x').toString('base64');
    const text = redactor.redact(
      `HOME=/root\nPLAIN_NAME=correct-horse-42\nCODED=${coded}\nDB_PASSWORD=other-22\nTERM=xterm\n`,
    );
    for (const part of ['correct-horse', coded.slice(24, 40), 'other-22']) expect(text.text).not.toContain(part);
    for (const part of ['HOME=/root', 'TERM=xterm']) expect(text.text).toContain(part);
  });

  it('ignores held values of less than six characters', () => {
    const redactor = create();
    redactor.hold('short');
    expect(redactor.redact('a short text')).toEqual({ text: 'a short text', count: 0 });
  });

  it('gives equal values equal placeholders, different values different ones, and other runs others', () => {
    const redactor = create();
    const of = (value: string, by = redactor): string => by.redact(`password=${value}`).text;
    expect(of('hunter22')).toBe(of('hunter22'));
    expect(of('hunter22')).not.toBe(of('hunter22', createRedactor({ key: new Uint8Array(32).fill(8) })));
    const all = new Set(Array.from({ length: 3_000 }, (_, index) => of(`value-${index}`)));
    expect(all.size).toBe(3_000);
  });

  it('knows its own placeholders', () => {
    const redactor = create();
    expect(redactor.hasPlaceholder(redactor.redact('password=hunter22').text)).toBe(true);
    expect(redactor.hasPlaceholder('«redacted» [redacted:9f3a]')).toBe(false);
  });

  it('changes nothing when it redacts its own output', () => {
    const pieces = fc.constantFrom(
      ...mustGo.map(([text]) => text),
      ...mustStay,
      ...tokens.map(([, text]) => text),
      ' ',
      '\n',
      '"',
      "'",
      '=',
      ':',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (texts) => {
        const redactor = create();
        const once = redactor.redact(texts.join(''));
        const twice = redactor.redact(once.text);
        expect(redactor.redact(twice.text).text).toBe(twice.text);
        for (const match of once.text.matchAll(/«redacted:[0-9a-f]+»/g)) expect(twice.text).toContain(match[0]);
      }),
      { numRuns: 300 },
    );
  });
});
