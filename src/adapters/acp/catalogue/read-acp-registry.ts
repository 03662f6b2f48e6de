/** The public ACP registry's format (registry.json, or one agent.json) turned into entries of agents.json. It fetches and runs nothing. */
import { z } from 'zod';
import { JsonTextError, readJson } from '../../../base/json-text.ts';
import { OperationError } from '../../../core/codes.ts';
import { toConfigProblem } from '../../../core/config-problem.ts';
import { limits } from '../../../core/limits.ts';
import { findLoaderVariable } from '../loader-variables.ts';
import { findEntryProblem } from './agents-file.ts';
import type { AgentProfile } from './profile.ts';

export interface RegistryImport {
  /** What would be written, by id. */
  readonly entries: Readonly<Record<string, RegistryEntry>>;
  /** Agents that cannot be taken over, with the sentence that says why. */
  readonly left: readonly { readonly id: string; readonly reason: string }[];
}

export interface RegistryEntry {
  readonly extends: 'acp';
  readonly label: string;
  readonly command: readonly string[];
  readonly installHint: string;
  readonly env?: Readonly<Record<string, string>>;
}

const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(4_096));
const words = z.array(z.string().min(1).max(4_096)).max(64);

const packageSchema = z.strictObject({
  /** A name that begins with "-" would be an option of npx or uvx. */
  package: z
    .string()
    .regex(/^[A-Za-z0-9@][\w@./=<>~^+-]*$/)
    .max(214),
  cmd: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]*$/)
    .optional(),
  args: words.optional(),
  env: variables.optional(),
});

const agentSchema = z.looseObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  distribution: z.strictObject({
    npx: packageSchema.optional(),
    uvx: packageSchema.optional(),
    binary: z.record(z.string(), z.looseObject({ archive: z.string(), cmd: z.string() })).optional(),
  }),
});

const registrySchema = z.looseObject({ agents: z.array(z.unknown()).max(limits.registryAgentsMax) });

/** Throws INVALID_ARGUMENT when the text is neither a registry nor an agent of one; a single bad agent is left out and named. */
export function readAcpRegistry(
  text: string,
  known: { readonly builtIn: readonly AgentProfile[]; readonly taken: ReadonlySet<string> },
): RegistryImport {
  const entries: Record<string, RegistryEntry> = {};
  const left: { id: string; reason: string }[] = [];
  for (const value of toAgents(text)) {
    const id = toIdWords(value);
    const entry = toEntry(value);
    const reason = typeof entry === 'string' ? entry : whyNot(id, entry, known, entries);
    if (reason !== null) left.push({ id, reason });
    else if (typeof entry !== 'string') entries[id] = entry;
  }
  return { entries, left };
}

function toAgents(text: string): readonly unknown[] {
  try {
    const { value } = readJson(text);
    const isAgent = typeof value === 'object' && value !== null && 'distribution' in value;
    if (isAgent) return [value];
    const parsed = registrySchema.safeParse(value);
    if (parsed.success) return parsed.data.agents;
    const { message } = toConfigProblem(parsed.error, registrySchema, value);
    throw new OperationError('INVALID_ARGUMENT', `This is no ACP registry: ${message}.`);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new OperationError('INVALID_ARGUMENT', `This is no ACP registry: line ${error.line}: ${error.message}.`);
  }
}

function toIdWords(value: unknown): string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
  return typeof id === 'string' ? id.slice(0, 64) : '(without id)';
}

function toEntry(value: unknown): RegistryEntry | string {
  const parsed = agentSchema.safeParse(value);
  if (!parsed.success) return `${toConfigProblem(parsed.error, agentSchema, value).message}.`;
  const { name, distribution } = parsed.data;
  const { npx, uvx, binary } = distribution;
  const label = name.slice(0, 60);
  if (npx) {
    const command = ['npx', '--yes', ...(npx.cmd ? ['--package', npx.package, npx.cmd] : [npx.package])];
    return toRunner(label, [...command, ...(npx.args ?? [])], npx.env, 'It needs npx, which comes with Node.');
  }
  if (uvx) {
    const command = ['uvx', ...(uvx.cmd ? ['--from', uvx.package, uvx.cmd] : [uvx.package])];
    return toRunner(label, [...command, ...(uvx.args ?? [])], uvx.env, 'It needs uvx, which comes with uv.');
  }
  const [first] = Object.values(binary ?? {});
  if (!first) return 'it names no way to run it.';
  return 'it comes as a download only, which signalbox does not unpack: install it yourself, then use `signalbox agent add`.';
}

function toRunner(
  label: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> | undefined,
  installHint: string,
): RegistryEntry | string {
  const loader = findLoaderVariable(env ?? {});
  if (loader !== null) return `it sets ${loader}, which decides what programs load.`;
  const hasVariables = Object.keys(env ?? {}).length > 0;
  return { extends: 'acp', label, command, installHint, ...(env && hasVariables ? { env } : {}) };
}

function whyNot(
  id: string,
  entry: RegistryEntry,
  { builtIn, taken }: { readonly builtIn: readonly AgentProfile[]; readonly taken: ReadonlySet<string> },
  entries: Readonly<Record<string, RegistryEntry>>,
): string | null {
  if (builtIn.some((one) => one.id === id)) return 'signalbox has it built in, with what is known about containing it.';
  if (taken.has(id)) return 'agents.json has an agent of this id already.';
  if (Object.hasOwn(entries, id)) return 'the registry names it twice; the first counts.';
  return findEntryProblem(id, entry, builtIn);
}
