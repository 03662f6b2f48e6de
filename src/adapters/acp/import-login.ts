/** Copies a person's own login of an agent into the HOME that the agent has here: once, only the files its profile names. It asks nobody. */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { type ParseError, parse } from 'jsonc-parser';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { writeHomeFile } from './home-file.ts';
import { toAgentHome } from './launch.ts';
import { type Person, toOwnPlace } from './own-files.ts';

/** A login is a few tokens; what is larger is something else. */
const bytesMax = 1024 * 1024;

export interface LoginImport {
  /** Where the copies go. */
  readonly home: string;
  /** What is there of the files that the profile names. */
  readonly files: readonly LoginFile[];
  /** Why something that is there is not copied, one sentence each. */
  readonly warnings: readonly string[];
  /** The settings among them, as they would be written; null when there are none. */
  readonly settingsText: string | null;
  /** Rejects with OperationError CONFIG_INVALID or TOO_LARGE; what was copied by then stays. */
  copy(): Promise<void>;
}

export interface LoginFile {
  /** Below the agent's HOME. */
  readonly path: string;
  /** Where the person has it, for people; several where each adds to the others. */
  readonly from: readonly string[];
  /** What of it is copied; null for all of it. */
  readonly keys: readonly string[] | null;
}

/** Looks, and copies nothing yet. Rejects with OperationError UNSUPPORTED for an agent of which nobody knows where it keeps a login. */
export async function prepareLoginImport(
  profile: Pick<AgentProfile, 'id' | 'label' | 'loginFiles' | 'movedBy' | 'modelSettings'>,
  paths: Pick<Paths, 'agentsFolder'>,
  person: Person,
): Promise<LoginImport> {
  if (profile.loginFiles.length === 0 && profile.modelSettings === null)
    throw new OperationError(
      'UNSUPPORTED',
      `It is not known where ${profile.label} keeps a login; use \`signalbox agent login ${profile.id}\` without --import.`,
    );
  const home = toAgentHome(paths, profile.id);
  const found: (LoginFile & { readonly content: Uint8Array })[] = [];
  for (const path of profile.loginFiles) {
    const place = toOwnPlace(profile, path, person);
    const content = place && (await readLogin(place.path));
    if (content) found.push({ path, content, from: [place.words], keys: null });
  }
  const { settings, warnings } = await readModelSettings(profile, person);
  const settingsText = settings && `${JSON.stringify(settings.content, null, 2)}\n`;
  if (settings && settingsText !== null) {
    const { path, from, content } = settings;
    found.push({ path, content: Buffer.from(settingsText), from, keys: Object.keys(content) });
  }
  return {
    home,
    warnings,
    settingsText,
    files: found.map(({ path, from, keys }) => ({ path, from, keys })),
    async copy() {
      await mkdir(home, { recursive: true, mode: 0o700 });
      for (const { path, content } of found) await writeHomeFile(home, path, content);
    },
  };
}

export interface ModelSettings {
  readonly path: string;
  /** Which files of the person's say something of it, for people. */
  readonly from: readonly string[];
  readonly content: Fields;
}

/** Of a person's settings what says which model answers; null when they say nothing of it, or cannot be read. */
export async function readModelSettings(
  profile: Pick<AgentProfile, 'modelSettings' | 'movedBy'>,
  person: Person,
): Promise<{ readonly settings: ModelSettings | null; readonly warnings: readonly string[] }> {
  const { modelSettings } = profile;
  if (modelSettings === null) return { settings: null, warnings: [] };
  const { path, files, keys } = modelSettings;
  const from: string[] = [];
  const warnings: string[] = [];
  let content: Fields = {};
  for (const file of files) {
    const place = toOwnPlace(profile, file, person);
    const bytes = place && (await readLogin(place.path));
    if (!bytes) continue;
    const read = readCommentedJson(new TextDecoder().decode(bytes));
    if (read.line !== null) {
      const advice = `is not copied, because its line ${read.line} is no JSON; copy ${keys.join(', ')} by hand.`;
      warnings.push(`${place.words} ${advice}`);
      continue;
    }
    const fields = fieldsOf(read.value);
    const own = Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(fields, key) ? [[key, fields[key]]] : [])));
    if (Object.keys(own).length === 0) continue;
    from.push(place.words);
    content = merge(content, own);
  }
  return { settings: from.length === 0 ? null : { path, from, content }, warnings };
}

/** JSON with the comments and commas that people leave in it. `line` is that of the first mistake, null for none. */
function readCommentedJson(text: string): { readonly value: unknown; readonly line: number | null } {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  return { value, line: first === undefined ? null : text.slice(0, first.offset).split('\n').length };
}

/** Settings of several files as one: what both have as fields is joined, else the later counts. */
function merge(before: Fields, after: Fields): Fields {
  const merged = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(after)) {
    const known = merged.get(key);
    merged.set(key, isFields(known) && isFields(value) ? merge(known, value) : value);
  }
  return Object.fromEntries(merged);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null for a file that is not there. A person may keep theirs elsewhere and link to it. */
async function readLogin(path: string): Promise<Uint8Array | null> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // A pipe of that name must not make the command wait.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new OperationError('CONFIG_INVALID', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    const state = await file.stat();
    if (!state.isFile()) throw new OperationError('CONFIG_INVALID', `${path} is no file.`);
    if (state.size > bytesMax) throw new OperationError('TOO_LARGE', `${path} is too large for a login.`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
