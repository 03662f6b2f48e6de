/** Adds and removes records of a `servers.json` in place: the order and formatting of the others stay. */
import { isDeepStrictEqual } from 'node:util';
import { assert } from '../../base/assert.ts';
import { type JsonText, JsonTextError, readJson } from '../../base/json-text.ts';
import { OperationError } from '../../core/codes.ts';
import { type ConfigFile, readConfigFile, writeConfigFile } from '../config-file.ts';
import type { Trust } from '../trust.ts';

export interface ServersEdit {
  readonly file: string;
  /**
   * For a workspace file: its list of trusted files. A file that was trusted (or absent) before our own edit is trusted after it;
   * one that was not stays untrusted. Null for the global file.
   */
  readonly trust: Trust | null;
}

/** `record` must have been parsed before. Throws CONFIG_INVALID when its id is in the file already, or the file is not usable. */
export async function addServerRecord(edit: ServersEdit, record: NewRecord): Promise<{ trusted: boolean }> {
  return await addServerRecords(edit, [record]);
}

/** All of them or none, with one write. */
export async function addServerRecords(edit: ServersEdit, added: readonly NewRecord[]): Promise<{ trusted: boolean }> {
  return await replaceText(edit, (text) => {
    const written = added.map(indented).join(',\n');
    if (text === null) return `[\n${written}\n]\n`;
    const json = parse(edit.file, text);
    const records = json.value as readonly unknown[];
    const twin = added.find(({ id }) => records.some((one) => idOf(one) === id));
    if (twin) {
      throw new OperationError(
        'CONFIG_INVALID',
        `"${twin.id}" is already in ${edit.file}; change it with \`signalbox server edit ${twin.id}\`, or remove it first with \`signalbox server remove ${twin.id}\`.`,
      );
    }
    const last = json.spanOf([records.length - 1]);
    const [before, after] = last
      ? [`${text.slice(0, last.end)},\n`, text.slice(last.end)]
      : [`${text.slice(0, text.indexOf('[') + 1)}\n`, `\n${text.slice(text.lastIndexOf(']'))}`];
    return check(`${before}${written}${after}`, [...records, ...added]);
  });
}

interface NewRecord {
  readonly id: string;
}

/**
 * `change` makes the new record from the one that stands there, as it is written; it must keep the id and may throw. It is asked again when
 * another program edited the file meanwhile. Throws SERVER_NOT_FOUND when no record of the file has this id.
 */
export async function changeServerRecord(
  edit: ServersEdit,
  id: string,
  change: (record: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Promise<{ trusted: boolean }> {
  return await replaceText(edit, (text) => {
    const { whole, records, index, span } = findRecord(edit.file, text, id);
    const changed = change(records[index] as Readonly<Record<string, unknown>>);
    assert(changed['id'] === id, 'An edit of a server keeps its id.');
    const after = indented(changed).trimStart();
    return check(`${whole.slice(0, span.start)}${after}${whole.slice(span.end)}`, records.with(index, changed));
  });
}

/** Throws SERVER_NOT_FOUND when no record of the file has this id. */
export async function removeServerRecord(edit: ServersEdit, id: string): Promise<{ trusted: boolean }> {
  return await replaceText(edit, (text) => {
    const { whole, json, records, index, span } = findRecord(edit.file, text, id);
    // One comma goes with the record: the one before it, or after it for the first.
    const previous = json.spanOf([index - 1]);
    const next = json.spanOf([index + 1]);
    const from = previous ? previous.end : span.start;
    const to = !previous && next ? next.start : span.end;
    return check(
      whole.slice(0, from) + whole.slice(to),
      records.filter((_, at) => at !== index),
    );
  });
}

function findRecord(file: string, text: string | null, id: string) {
  const json = text === null ? null : parse(file, text);
  const records = (json?.value ?? []) as readonly unknown[];
  const index = records.findIndex((one) => idOf(one) === id);
  const span = json?.spanOf([index]);
  if (text === null || !json || !span) {
    throw new OperationError(
      'SERVER_NOT_FOUND',
      `No server "${id}" is in ${file}; \`signalbox server list\` shows what is.`,
    );
  }
  return { whole: text, json, records, index, span };
}

/** A record as it is written. Throws SERVER_NOT_FOUND when no record of the file has this id. */
export async function readServerRecord(file: string, id: string): Promise<Readonly<Record<string, unknown>>> {
  const { records, index } = findRecord(file, (await readConfigFile(file))?.text ?? null, id);
  return records[index] as Readonly<Record<string, unknown>>;
}

/** Whether a file has a record of this id, a good one or not. A missing file has none. */
export async function hasServerRecord(file: string, id: string): Promise<boolean> {
  return (await readServerIds(file)).has(id);
}

/** The ids of all records of a file, good ones or not. */
export async function readServerIds(file: string): Promise<ReadonlySet<unknown>> {
  return new Set((await readRecords(file)).map(idOf));
}

/** The names of all records that have one, and the aliases that they stand for. */
export async function readServerNames(
  file: string,
): Promise<readonly { readonly id: string; readonly ssh: string | null }[]> {
  return (await readRecords(file)).flatMap((record) => {
    const id = idOf(record);
    const ssh: unknown = Reflect.get(Object(record), 'ssh');
    return typeof id === 'string' ? [{ id, ssh: typeof ssh === 'string' ? ssh : null }] : [];
  });
}

async function readRecords(file: string): Promise<readonly unknown[]> {
  const read = await readConfigFile(file);
  return read === null ? [] : (parse(file, read.text).value as readonly unknown[]);
}

const attemptsMax = 5;

async function replaceText(edit: ServersEdit, change: (text: string | null) => string): Promise<{ trusted: boolean }> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = await readConfigFile(edit.file);
    const text = change(before?.text ?? null);
    const trusted = !edit.trust || !before || (await edit.trust.isTrusted(edit.file, before.sha256));
    // Another program may have edited the file while we thought: then we begin again with what it wrote.
    const now = await readConfigFile(edit.file);
    if (now?.sha256 !== before?.sha256) continue;
    await writeConfigFile(edit.file, text, before?.mode ?? 0o600);
    if (edit.trust && trusted) await trustOwnText(edit.trust, edit.file, text);
    return { trusted };
  }
  throw new OperationError('CONFIG_INVALID', `${edit.file} keeps changing while it is edited; try again.`);
}

/** Trusts what we wrote, and nothing that came in its place since. */
async function trustOwnText(trust: Trust, file: string, text: string): Promise<void> {
  const written: ConfigFile | null = await readConfigFile(file);
  if (written?.text === text) await trust.add(file, written.sha256);
}

function parse(file: string, text: string): JsonText {
  try {
    const json = readJson(text);
    if (Array.isArray(json.value)) return json;
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new OperationError('CONFIG_INVALID', `${file}, line ${error.line}: not valid JSON, ${error.message}.`);
  }
  throw new OperationError('CONFIG_INVALID', `${file}: must be a JSON array of server records: [ ... ].`);
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
}

function indented(record: unknown): string {
  return JSON.stringify(record, null, 2).replace(/^/gm, '  ');
}

function check(text: string, expected: readonly unknown[]): string {
  const asJson = JSON.parse(JSON.stringify(expected)) as unknown;
  assert(isDeepStrictEqual(readJson(text).value, asJson), 'An edit of servers.json changed more than one record.');
  return text;
}
