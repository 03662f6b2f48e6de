/** Edits of a JSON text: exactly one member changes, and all other bytes stay. */

import { describe, expect, it } from 'vitest';
import { removeMember, setMember } from '../../src/base/edit-json.ts';
import fc from '../fixtures/properties.ts';

describe('setting a member', () => {
  it.each([
    ['replaces a value', '{"a": 1,  "b":2}', ['a'], true, '{"a": true,  "b":2}'],
    ['adds one at the end', '{\n  "a": 1\n}\n', ['b'], 2, '{\n  "a": 1,\n  "b": 2\n}\n'],
    ['adds to an empty object', '{}', ['b'], 2, '{\n  "b": 2\n}'],
    ['adds to an empty object with a line', '{\n}\n', ['b'], 2, '{\n  "b": 2\n}\n'],
    [
      'adds objects on the way',
      '{"x":[ 1 ]}',
      ['a', 'b', 'c'],
      0,
      '{"x":[ 1 ],\n  "a": {\n    "b": {\n      "c": 0\n    }\n  }}',
    ],
    [
      'indents a value of several lines',
      '{\n  "a": {\n    "b": {}\n  }\n}',
      ['a', 'b', 'c'],
      ['x'],
      '{\n  "a": {\n    "b": {\n      "c": [\n        "x"\n      ]\n    }\n  }\n}',
    ],
    ['takes the last in the text, whatever its name', '{"b":1,"1":2}', ['c'], 3, '{"b":1,"1":2,\n  "c": 3}'],
  ] as const)('%s', (_what, text, path, value, expected) => {
    expect(setMember(text, path, value)).toBe(expected);
  });

  it.each([
    ['no JSON', '{"a": ', ['a'], 'JsonTextError'],
    ['nothing', '', ['a'], 'JsonTextError'],
    ['a list', '[]', ['a'], 'RangeError'],
    ['a number on the way', '{"a":1}', ['a', 'b'], 'RangeError'],
    ['a name twice', '{"a":1,"a":2}', ['a'], 'JsonTextError'],
  ] as const)('refuses %s', (_what, text, path, name) => {
    expect(() => setMember(text, path, 1)).toThrow(expect.objectContaining({ name }));
  });
});

describe('removing a member', () => {
  it.each([
    ['the first', '{ "a": 1, "b": 2 }', ['a'], '{ "b": 2 }'],
    ['one between', '{"a":1, "b": [2,3] ,"c":3}', ['b'], '{"a":1 ,"c":3}'],
    ['the last', '{\n  "a": 1,\n  "b": 2\n}\n', ['b'], '{\n  "a": 1\n}\n'],
    ['the only one', '{ "x": { "a": 1 } }', ['x', 'a'], '{ "x": {} }'],
    ['none', '{"a":1}', ['b'], '{"a":1}'],
    ['one with a comma in its name after it', '{"a":1,"b,":2}', ['a'], '{"b,":2}'],
  ] as const)('takes %s away', (_what, text, path, expected) => {
    expect(removeMember(text, path)).toBe(expected);
  });
});

describe('laws', () => {
  const name = fc.string({ maxLength: 6 });
  const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 });
  const spaces = fc.constantFrom(undefined, 1, 2, '\t');

  it('what is set is there, and what was there else is as it was', () => {
    fc.assert(
      fc.property(object, spaces, name, fc.jsonValue({ maxDepth: 2 }), (before, space, key, value) => {
        const after = JSON.parse(setMember(JSON.stringify(before, null, space), [key], value));
        expect(after).toEqual(
          JSON.parse(JSON.stringify(Object.fromEntries([...Object.entries(before), [key, value]]))),
        );
      }),
    );
  });

  it('what is removed is gone, and nothing else is', () => {
    fc.assert(
      fc.property(object, spaces, fc.nat(), (before, space, index) => {
        const keys = Object.keys(before);
        const key = keys[index % Math.max(1, keys.length)] ?? 'absent';
        const after = JSON.parse(removeMember(JSON.stringify(before, null, space), [key]));
        expect(after).toEqual(
          JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(before).filter(([one]) => one !== key)))),
        );
      }),
    );
  });

  it('setting and removing a new member gives the text back, but for an empty object', () => {
    fc.assert(
      fc.property(object, spaces, (before, space) => {
        fc.pre(Object.keys(before).length > 0 && !Object.hasOwn(before, 'new member'));
        const text = JSON.stringify(before, null, space);
        expect(removeMember(setMember(text, ['new member'], 1), ['new member'])).toBe(text);
      }),
    );
  });
});
