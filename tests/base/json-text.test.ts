/** JSON with places: what is read equals JSON.parse, and every mistake is named with its line. */

import { describe, expect, it } from 'vitest';
import { JsonTextError, readJson } from '../../src/base/json-text.ts';
import fc from '../fixtures/properties.ts';

const sample = `[
  {
    "id": "web-1",
    "auth": { "kind": "agent",
      "socket": "/run/a" },
    "labels": ["a",
      "b"]
  },
  "x"
]`;

describe('readJson', () => {
  it.each([
    [[], 1],
    [[0], 2],
    [[0, 'id'], 3],
    [[0, 'auth', 'socket'], 5],
    [[0, 'labels', 1], 7],
    [[0, 'auth', 'absent'], 4],
    [[7], 1],
    [[1], 9],
  ])('says on which line %j stands: %i', (path, line) => {
    expect(readJson(sample).lineOf(path)).toBe(line);
  });

  it('gives the exact span of a value, and null for one that is absent', () => {
    const json = readJson(sample);
    const span = json.spanOf([0, 'auth', 'kind']);
    expect(sample.slice(span?.start, span?.end)).toBe('"agent"');
    expect(json.spanOf([0, 'absent'])).toBeNull();
  });

  it('agrees with JSON.parse on everything JSON.stringify can write', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readJson(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses and nothing else, apart from names given twice', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-',
      '0',
      'true',
      'null',
      ' ',
      '\n',
      '\\',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        let refused = false;
        try {
          JSON.parse(text);
        } catch {
          refused = true;
        }
        let reason = '';
        try {
          readJson(text);
        } catch (error) {
          reason = error instanceof JsonTextError ? error.message : `unexpected ${String(error)}`;
        }
        if (!/stands twice/.test(reason)) expect([text, reason !== '']).toEqual([text, refused]);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses a name that is given twice in one object, whatever stands in names and texts', () => {
    const text = fc.oneof(fc.constantFrom('a', 'b', '__proto__', '":', '"', '\\', '{"a":1}'), fc.string());
    const members = fc.array(fc.tuple(text, text), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(members, { maxLength: 3 }), (objects) => {
        const written = objects.map((pairs) => `{${pairs.map((pair) => pair.map(toJson).join(' : ')).join(',')}}`);
        const hasTwice = objects.some((pairs) => new Set(pairs.map(([name]) => name)).size < pairs.length);
        const read = (): unknown => readJson(`[${written.join(',\n')}]`).value;
        if (hasTwice) expect(read).toThrowError('stands twice');
        else expect(read()).toEqual(JSON.parse(`[${written.join(',')}]`));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 1, 'the text ends'],
    ['[1,\n2,\n]', 3, 'comma after the last'],
    ['{\n"a": 1,\n}', 3, 'comma after the last'],
    ['[\n// no\n1]', 2, 'no comments'],
    ["['a']", 1, 'JSON quotes with "'],
    ['{a: 1}', 1, 'a name in double quotes'],
    ['{"a" 1}', 1, 'a colon'],
    ['[1\n2]', 2, 'a comma or "]"'],
    ['[1] x', 1, 'nothing may follow'],
    ['{"a": 1,\n "a": 2}', 2, 'stands twice'],
    ['[01]', 1, 'a value'],
    ['["\t"]', 1, 'a value'],
    ['[NaN]', 1, 'a value'],
    ['\ufeff[]', 1, 'a value'],
    ['['.repeat(100), 1, 'nested deeper'],
    [`\n${'['.repeat(66)}${']'.repeat(66)}`, 2, 'nested deeper'],
    ['{"a": {"__proto__": 1,\n "__proto__": 2}}', 2, 'stands twice'],
    ['{"a": 1,\n "\\u0061": 2}', 2, 'stands twice'],
  ])('refuses %j at line %i', (text, line, message) => {
    expect(() => readJson(text)).toThrowError(message);
    try {
      readJson(text);
    } catch (error) {
      expect((error as JsonTextError).line).toBe(line);
    }
  });
});

function toJson(text: string): string {
  return JSON.stringify(text);
}
