/** A profile as a line of the agent list: what state it is in and one sentence a person can act on. */
import type { AgentAvailability, AgentEntry } from '../../core/agents.ts';
import type { AgentProfile } from './catalogue/profile.ts';

/** What the last probe of an agent found. */
export interface ProbeResult {
  readonly availability: AgentAvailability;
  readonly diagnostic: string;
  readonly version: string | null;
}

/** @param program where the command was found; null when it is not on this machine. */
export function toEntry(profile: AgentProfile, program: string | null, probed: ProbeResult | null): AgentEntry {
  const state = toState(profile, program, probed);
  return {
    id: profile.id,
    label: profile.label,
    command: profile.command,
    installHint: profile.installHint,
    origin: profile.origin,
    ...state,
  };
}

function toState(profile: AgentProfile, program: string | null, probed: ProbeResult | null): ProbeResult {
  if (!profile.enabled) {
    return { availability: 'disabled', diagnostic: 'Disabled in agents.json.', version: null };
  }
  if (profile.unusable !== null) return { availability: 'disabled', diagnostic: profile.unusable, version: null };
  if (program === null) {
    const name = profile.command[0] ?? 'its program';
    return {
      availability: 'not installed',
      diagnostic: `${name} was not found. ${profile.installHint}`,
      version: null,
    };
  }
  if (probed) return probed;
  return {
    availability: 'ready',
    diagnostic: `Found at ${program}.${toCaution(profile)}${toProtocolWords(profile)}`,
    version: null,
  };
}

function toProtocolWords({ protocol }: AgentProfile): string {
  switch (protocol) {
    case 1:
      return '';
    case 2:
      return ' It is spoken to in version 2 of the protocol, which is experimental.';
    case 'auto':
      return ' It is spoken to in version 2 of the protocol where it can, which is experimental.';
  }
}

function toCaution({ tried, localToolsOff }: AgentProfile): string {
  if (!localToolsOff) return ' Its own tools are not switched off: isolation alone contains it.';
  return tried ? '' : ' The recipe that switches off its own tools was not tried with the real agent yet.';
}
