/** Changes single members of an object in a JSON text and leaves every other byte as it is. It knows no file and no subject. */
import { isDeepStrictEqual } from 'node:util';
import { assert, present } from './assert.ts';
import { type JsonPath, type JsonSpan, type JsonText, readJson } from './json-text.ts';

/**
 * Replaces the value of a member, or adds the member as the last one of its object; objects on the way that are missing are added, too.
 * Throws JsonTextError for what is no JSON, and RangeError when something on the way is no object.
 */
export function setMember(text: string, path: readonly string[], value: unknown): string {
  const json = readJson(text);
  const before = json.value;
  const result = replace(text, json, path, value);
  assert(
    isDeepStrictEqual(readJson(result).value, withMember(before, path, value)),
    'An edit changed more than one member.',
  );
  return result;
}

/** Removes a member with the comma that goes with it. A member that is not there changes nothing. */
export function removeMember(text: string, path: readonly string[]): string {
  const json = readJson(text);
  const span = json.spanOf(path);
  if (!span) return text;
  const parent = present(json.spanOf(path.slice(0, -1)), 'A member is in an object.');
  const siblings = spansIn(json, path.slice(0, -1));
  const at = siblings.findIndex(({ start }) => start === span.start);
  const previous = siblings[at - 1];
  const next = siblings[at + 1];
  const from = previous ? previous.end : parent.start + 1;
  // The first one takes the comma after it along, a later one the comma before it.
  const to = previous || !next ? span.end : text.indexOf(',', span.end) + 1;
  const only = !previous && !next;
  return text.slice(0, from) + (only ? text.slice(parent.end - 1) : text.slice(to));
}

function replace(text: string, json: JsonText, path: readonly string[], value: unknown): string {
  const known = json.spanOf(path);
  const level = path.length;
  if (known) return text.slice(0, known.start) + toText(value, level) + text.slice(known.end);
  const above = path.slice(0, -1);
  const name = present(path.at(-1), 'A path to a member has a name.');
  const parent = json.spanOf(above);
  if (!parent) return replace(text, json, above, { [name]: value });
  if (text[parent.start] !== '{') throw new RangeError(`${above.join('.') || 'the file'} is no object`);
  const last = spansIn(json, above).at(-1);
  const member = `\n${'  '.repeat(level)}${JSON.stringify(name)}: ${toText(value, level)}`;
  return last
    ? `${text.slice(0, last.end)},${member}${text.slice(last.end)}`
    : `${text.slice(0, parent.start)}{${member}\n${'  '.repeat(level - 1)}}${text.slice(parent.end)}`;
}

/** Of the members of an object, in the order of the text: names that are numbers come first in the value. */
function spansIn(json: JsonText, path: JsonPath): readonly JsonSpan[] {
  let value: unknown = json.value;
  for (const step of path) value = (value as Record<string | number, unknown>)[step];
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return names
    .map((name) => present(json.spanOf([...path, name]), 'A name has a value.'))
    .sort((a, b) => a.start - b.start);
}

function toText(value: unknown, level: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(level)}`);
}

function withMember(value: unknown, [name, ...rest]: readonly string[], member: unknown): unknown {
  if (name === undefined) return JSON.parse(JSON.stringify(member));
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  const own = Object.hasOwn(object, name) ? object[name] : undefined;
  // Not by spreading into a literal alone: a member may be called __proto__.
  return Object.fromEntries([
    ...Object.entries(object).filter(([key]) => key !== name),
    [name, withMember(own, rest, member)],
  ]);
}
