/** The agents of the catalogue with their state, and the probe that asks one for its version. It starts no session and reaches no gate. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client } from '@agentclientprotocol/sdk';
import type { AgentEntry, Agents } from '../../core/agents.ts';
import { OperationError } from '../../core/codes.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { connectAgent } from './connect-agent.ts';
import { type ProbeResult, toEntry } from './entry.ts';
import { findAgent, type LaunchParts, launch, toAgentFolder } from './launch.ts';
import { createProbeCache } from './probe-cache.ts';
import { nobody } from './questions.ts';

export interface AgentListOptions extends LaunchParts {
  readonly catalogue: Catalogue;
  /** Ours, told to agents. */
  readonly version: string;
  /** The configuration demands that no agent runs uncontained; default no. A probe starts one all the same, to find out. */
  readonly requireIsolation?: () => Promise<boolean>;
}

/** The part of Agents that needs no host, and what the operator should know about agents.json. */
export interface AgentList extends Pick<Agents, 'list' | 'probe'> {
  warnings(): Promise<readonly string[]>;
}

/**
 * Listing looks for the command and takes what the last probe found from disk; it starts nothing. Probing always starts the agent.
 */
export function createAgentList(options: AgentListOptions): AgentList {
  const { catalogue } = options;
  const cache = createProbeCache((id) => join(toAgentFolder(options.paths, id), 'probe.json'), options.clock);
  const probing = new Set<string>();
  const toListEntry = async (profile: AgentProfile): Promise<AgentEntry> => {
    const program = await findAgent(profile, options);
    if (program === null) return toEntry(profile, null, null);
    const kept = await cache.read(profile, program.path);
    const diagnostic = `It is being started to see whether it works (${program.path}).`;
    const result: ProbeResult | null = probing.has(profile.id)
      ? { availability: 'probing', diagnostic, version: kept?.result.version ?? null }
      : kept && { ...kept.result, diagnostic: `${kept.result.diagnostic}${toAgeWords(profile.id, kept.ageMs)}` };
    return toEntry(profile, program.path, result);
  };
  return {
    async warnings() {
      return (await catalogue.read()).warnings;
    },
    async list() {
      return await Promise.all((await catalogue.read()).profiles.map(toListEntry));
    },
    async probe(id) {
      const profile = await findProfile(catalogue, id);
      const program = await findAgent(profile, options);
      const entry = toEntry(profile, program?.path ?? null, null);
      if (program === null || entry.availability !== 'ready') return entry;
      probing.add(id);
      try {
        const result = await probeAgent(options, profile);
        await cache.write(profile, program.path, result);
        return toEntry(profile, program.path, result);
      } finally {
        probing.delete(id);
      }
    },
  };
}

/** What was found just now is not said to be old. */
function toAgeWords(id: string, ageMs: number): string {
  const minutes = Math.round(ageMs / 60_000);
  if (minutes < 2) return '';
  const age = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return ` (Seen ${age} ago; \`signalbox agent probe ${id}\` looks again.)`;
}

/** Throws OperationError INVALID_ARGUMENT that names the known ids. */
export async function findProfile(catalogue: Catalogue, id: string): Promise<AgentProfile> {
  const { profiles } = await catalogue.read();
  const known = profiles.find((one) => one.id === id);
  if (known) return known;
  const ids = profiles.map((one) => one.id).join(', ');
  throw new OperationError(
    'INVALID_ARGUMENT',
    `There is no agent "${id}"; known are ${ids}, or give a command after "--".`,
  );
}

/** Never rejects for what the agent does wrong: that is what a probe is to find out. */
async function probeAgent(options: AgentListOptions, profile: AgentProfile): Promise<ProbeResult> {
  const workFolder = await mkdtemp(join(await realpath(tmpdir()), 'signalbox-probe-'));
  try {
    const { process, verdict } = await launch(options, {
      profile,
      workFolder,
      toolSocket: null,
      requireIsolation: false,
    });
    const taps = { onSessionUpdate: () => undefined, onRubbish: () => undefined };
    try {
      const app = client({ name: 'signalbox' });
      const connecting = { ...options, process, profile, app, questions: nobody, taps };
      const { name, version, abilities, wire } = await connectAgent(connecting);
      const login =
        abilities.logins.length > 0
          ? ` It offers these logins: ${abilities.logins.map((one) => one.name).join(', ')}.`
          : '';
      const spoken = wire.protocol === 1 ? '' : ' in version 2 of the protocol, which is experimental';
      const diagnostic = `${name} answers${spoken}. It would run ${verdict.state}: ${verdict.reason}${login}`;
      return { availability: 'ready', diagnostic, version };
    } finally {
      await process.end();
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const availability = error.code === 'CREDENTIALS_UNAVAILABLE' ? 'needs login' : 'error';
    return { availability, diagnostic: error.message, version: null };
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}
