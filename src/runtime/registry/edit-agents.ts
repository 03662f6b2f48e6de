/** Edits agents.json in place and in one step: what is not touched keeps its order and its form. It knows no agent. */
import { removeMember, setMember } from '../../base/edit-json.ts';
import { JsonTextError, readJson } from '../../base/json-text.ts';
import { OperationError } from '../../core/codes.ts';
import { readConfigFile, writeConfigFile } from '../config-file.ts';

const attemptsMax = 5;

/** Sets one field of an entry, or with `field` null the whole entry. Throws CONFIG_INVALID when the file is not usable. */
export async function setAgentField(file: string, id: string, field: string | null, value: unknown): Promise<void> {
  const path = ['agents', id, ...(field === null ? [] : [field])];
  await editAgents(file, (text) => setMember(text ?? '{\n  "agents": {}\n}\n', path, value));
}

/** Sets several entries at once: all are written, or none. */
export async function setAgentEntries(file: string, entries: Readonly<Record<string, unknown>>): Promise<void> {
  await editAgents(file, (text) =>
    Object.entries(entries).reduce(
      (before, [id, value]) => setMember(before, ['agents', id], value),
      text ?? '{\n  "agents": {}\n}\n',
    ),
  );
}

/** Whether there was an entry to remove. Throws CONFIG_INVALID when the file is not usable. */
export async function removeAgentEntry(file: string, id: string): Promise<boolean> {
  if (!(await readAgentEntries(file)).has(id)) return false;
  await editAgents(file, (text) => removeMember(text ?? '{}', ['agents', id]));
  return true;
}

/** What the file says of each agent, good or not. Throws CONFIG_INVALID when it is not usable. */
export async function readAgentEntries(file: string): Promise<ReadonlyMap<string, unknown>> {
  const read = await readConfigFile(file);
  if (read === null) return new Map();
  const value = parse(file, read.text);
  const agents = typeof value === 'object' && value !== null && 'agents' in value ? value.agents : {};
  return new Map(Object.entries(agents ?? {}));
}

async function editAgents(file: string, change: (text: string | null) => string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = await readConfigFile(file);
    const text = changeOrExplain(file, before?.text ?? null, change);
    // Another program may have edited the file while we thought: then we begin again with what it wrote.
    const now = await readConfigFile(file);
    if (now?.sha256 !== before?.sha256) continue;
    if (text !== before?.text) await writeConfigFile(file, text, before?.mode ?? 0o600);
    return;
  }
  throw new OperationError('CONFIG_INVALID', `${file} keeps changing while it is edited; try again.`);
}

function changeOrExplain(file: string, text: string | null, change: (text: string | null) => string): string {
  try {
    return change(text);
  } catch (error) {
    if (error instanceof JsonTextError) throw toProblem(file, error);
    if (!(error instanceof RangeError)) throw error;
    throw new OperationError('CONFIG_INVALID', `${file}: ${error.message}; it must be {"agents": {…}}.`);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return readJson(text).value;
  } catch (error) {
    if (error instanceof JsonTextError) throw toProblem(file, error);
    throw error;
  }
}

function toProblem(file: string, error: JsonTextError): OperationError {
  return new OperationError(
    'CONFIG_INVALID',
    `${file}, line ${error.line}: not valid JSON, ${error.message}; correct that line first.`,
  );
}
