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
import { findAgent, type LaunchParts, launch } from './launch.ts';

export interface AgentListOptions extends LaunchParts {
  readonly catalogue: Catalogue;
  /** Ours, told to agents. */
  readonly version: string;
}

/** The part of Agents that needs no host, and what the operator should know about agents.json. */
export interface AgentList extends Pick<Agents, 'list' | 'probe'> {
  warnings(): Promise<readonly string[]>;
}

export function createAgentList(options: AgentListOptions): AgentList {
  const { catalogue } = options;
  const probes = new Map<string, ProbeResult>();
  const toListEntry = async (profile: AgentProfile): Promise<AgentEntry> => {
    const program = await findAgent(profile, options.env);
    return toEntry(profile, program?.path ?? null, probes.get(profile.id) ?? null);
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
      const entry = await toListEntry(profile);
      if (entry.availability === 'disabled' || entry.availability === 'not installed') return entry;
      probes.set(id, await probeAgent(options, profile));
      return await toListEntry(profile);
    },
  };
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
      const { name, version, logins } = await connectAgent({ ...options, process, profile, app, taps });
      const login = logins.length > 0 ? ` It offers these logins: ${logins.join(', ')}.` : '';
      const diagnostic = `${name} answers. It would run ${verdict.state}: ${verdict.reason}${login}`;
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
