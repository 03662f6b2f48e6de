/** agents.json: merged field by field over the built-in agents. Each entry stands alone, so one mistake costs one entry. */
import { z } from 'zod';
import { JsonTextError, readJson } from '../../../base/json-text.ts';
import { toConfigProblem } from '../../../core/config-problem.ts';
import type { CatalogueState } from './catalogue.ts';
import { type AgentProfile, profile } from './profile.ts';

const idPattern = /^[a-z0-9][a-z0-9-]{0,31}$/;

const entrySchema = z.strictObject({
  /** `acp`: any agent that speaks the protocol; or the id of a built-in agent. */
  extends: z.string().optional(),
  enabled: z.boolean().optional(),
  label: z.string().min(1).max(60).optional(),
  command: z.array(z.string().min(1)).min(1).optional(),
  installHint: z.string().max(200).optional(),
  env: z.record(z.string(), z.string()).optional(),
  passEnv: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/)).optional(),
  fs: z.boolean().optional(),
  terminal: z.boolean().optional(),
  /** How it takes MCP servers; `http` for an agent that starts none itself. */
  mcp: z.enum(['stdio', 'http']).optional(),
  /** The version of the Agent Client Protocol; 2 and `auto` are experimental. */
  protocol: z.literal([1, 2, 'auto']).optional(),
  requireIsolation: z.boolean().optional(),
  /** `own`: a network of its own; `host`: this machine's; `none`; `auto`: its own where that works. */
  network: z.enum(['auto', 'own', 'host', 'none']).optional(),
});

const fileSchema = z.strictObject({ agents: z.record(z.string(), z.unknown()) });

type Entry = z.output<typeof entrySchema>;

/** Never throws: what cannot be used is left out and named, with its line. */
export function applyAgentsFile(text: string, path: string, builtIn: readonly AgentProfile[]): CatalogueState {
  const read = readEntries(text);
  if ('problem' in read) {
    return { profiles: builtIn, warnings: [`${path} is not valid (${read.problem}); using the built-in agents.`] };
  }
  const profiles = new Map(builtIn.map((one) => [one.id, one]));
  const warnings: string[] = [];
  for (const [id, value] of Object.entries(read.agents)) {
    const problem = applyEntry(profiles, builtIn, id, value);
    if (problem) warnings.push(`${path}, line ${read.lineOf(id)}: agent "${id}" is left as it was: ${problem}`);
  }
  return { profiles: [...profiles.values()], warnings };
}

/** What would be wrong with an entry of agents.json; null when it can be used. */
export function findEntryProblem(id: string, value: unknown, builtIn: readonly AgentProfile[]): string | null {
  return applyEntry(new Map(builtIn.map((one) => [one.id, one])), builtIn, id, value);
}

type Entries =
  | { readonly agents: Readonly<Record<string, unknown>>; lineOf(id: string): number }
  | { readonly problem: string };

function readEntries(text: string): Entries {
  try {
    const json = readJson(text);
    const parsed = fileSchema.safeParse(json.value);
    if (parsed.success) return { agents: parsed.data.agents, lineOf: (id) => json.lineOf(['agents', id]) };
    const { path, message } = toConfigProblem(parsed.error, fileSchema, json.value);
    return { problem: `line ${json.lineOf(path)}: ${message}` };
  } catch (error) {
    if (error instanceof JsonTextError) return { problem: `line ${error.line}: ${error.message}` };
    throw error;
  }
}

/** Returns what is wrong with the entry, or null after it was applied. */
function applyEntry(
  profiles: Map<string, AgentProfile>,
  builtIn: readonly AgentProfile[],
  id: string,
  value: unknown,
): string | null {
  if (!idPattern.test(id)) return 'an id is made of a-z, 0-9 and "-", at most 32 characters.';
  const result = entrySchema.safeParse(value);
  if (!result.success) return `${toConfigProblem(result.error, entrySchema, value).message}.`;
  const entry = result.data;
  const base = profiles.get(id) ?? toBase(id, entry, builtIn);
  if (typeof base === 'string') return base;
  profiles.set(id, merge(base, entry));
  return null;
}

function toBase(id: string, entry: Entry, builtIn: readonly AgentProfile[]): AgentProfile | string {
  const parent = builtIn.find((one) => one.id === entry.extends);
  if (parent) return { ...parent, id, label: id, origin: 'agents.json', tried: false };
  if (entry.extends !== undefined && entry.extends !== 'acp') {
    return `"extends" names no agent ("${entry.extends}"); use "acp" or one of ${builtIn.map((one) => one.id).join(', ')}.`;
  }
  if (!entry.command) return 'a new agent needs "command", an array of the program and its arguments.';
  const installHint = 'Check "command" of this agent in agents.json.';
  return profile({ id, label: id, command: entry.command, installHint, origin: 'agents.json' });
}

function merge(base: AgentProfile, entry: Entry): AgentProfile {
  const { offers } = base;
  return {
    ...base,
    enabled: entry.enabled ?? base.enabled,
    label: entry.label ?? base.label,
    command: entry.command ?? base.command,
    installHint: entry.installHint ?? base.installHint,
    env: { ...base.env, ...entry.env },
    passEnv: entry.passEnv ?? base.passEnv,
    offers: {
      readFiles: entry.fs ?? offers.readFiles,
      writeFiles: entry.fs ?? offers.writeFiles,
      terminals: entry.terminal ?? offers.terminals,
    },
    mcp: entry.mcp ?? base.mcp,
    protocol: entry.protocol ?? base.protocol,
    requireIsolation: entry.requireIsolation ?? base.requireIsolation,
    network: entry.network ?? base.network,
    origin: 'agents.json',
  };
}
