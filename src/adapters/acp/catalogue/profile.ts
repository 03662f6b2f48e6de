/** What is known about one agent: how it is started, what it may be offered, and how its own tools are switched off. Data, no behaviour but one matcher. */

import type { NetworkChoice } from '../../../core/ports.ts';

/** A tool call as the agent announced it, joined over its updates. Only the structured fields a matcher may look at. */
export interface ToolCallIdentity {
  /** The programmatic tool name of the protocol, when the agent gives one. */
  readonly name: string | null;
  /** The agent's own metadata. */
  readonly meta: Readonly<Record<string, unknown>>;
  /** `server` of the raw input, when that is a short text: adapters put the name of an MCP server there. Proves nothing alone. */
  readonly server: string | null;
}

/** A file of a person's: a path below their HOME, or below what a variable names. */
export type OwnFile = string | { readonly variable: string; readonly below: string };

export interface MovedFolder {
  readonly variable: string;
  /** The folder below HOME in whose place it stands; empty for HOME itself. */
  readonly folder: string;
  /** Where below the folder that it names; right there when absent. */
  readonly to?: string;
}

/** By the XDG base directory specification; for agents that follow it. */
export const movedByXdg: readonly MovedFolder[] = [
  { variable: 'XDG_DATA_HOME', folder: '.local/share' },
  { variable: 'XDG_CONFIG_HOME', folder: '.config' },
];

export interface AgentProfile {
  readonly id: string;
  readonly label: string;
  /** Program (a name on PATH, or absolute) and arguments; never a shell line. */
  readonly command: readonly string[];
  readonly installHint: string;
  readonly enabled: boolean;
  /** Client methods that are advertised, and answered only then. */
  readonly offers: {
    readonly readFiles: boolean;
    readonly writeFiles: boolean;
    readonly terminals: boolean;
  };
  /** Variables that the agent gives each command about itself: they mean nothing on a server, and are left out there. */
  readonly ownVariables: readonly string[];
  /** The recipe below switches off what the agent could do on this machine. It is no wall; isolation is. */
  readonly localToolsOff: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables passed on from the operator's environment: the agent's own keys. */
  readonly passEnv: readonly string[];
  /** Sent as `_meta` of session/new. */
  readonly sessionMeta: Readonly<Record<string, unknown>> | null;
  /** A settings file written below the agent's HOME before it starts; `variable` names its absolute path in the environment. */
  readonly settings: {
    readonly path: string;
    readonly variable: string | null;
    readonly content: Readonly<Record<string, unknown>>;
    /** Keys on the outermost level that stay as the agent wrote them: how its user logged in, for one. */
    readonly keeps: readonly string[];
  } | null;
  /** Decides whether a permission request is about our own tool, which our gate judges anyway. Null: never sure, so a person is asked. */
  readonly isOurTool: ((call: ToolCallIdentity) => boolean) | null;
  /** How it reaches our tools: through a program that it starts, or at an address of this machine. */
  readonly mcp: 'stdio' | 'http';
  /** The version of the protocol it is spoken to in; `auto` tries 2 first. 2 is a draft, and experimental here. */
  readonly protocol: 1 | 2 | 'auto';
  readonly requireIsolation: boolean;
  /** Files below a person's HOME that hold a login of this agent: what may be copied into its own HOME when that person says so. */
  readonly loginFiles: readonly string[];
  /** Variables with which a person keeps those files elsewhere, as the agent reads them; the first that is set counts. */
  readonly movedBy: readonly MovedFolder[];
  /**
   * What says which model answers, and the keys on the outermost level that do: they go with the login, to `path` below the agent's HOME. The rest stays
   * behind, since it could allow the agent what its recipe forbids. Of a person's files (JSON, comments allowed) each counts over those before it. Null: not known.
   */
  readonly modelSettings: {
    readonly path: string;
    readonly files: readonly OwnFile[];
    readonly keys: readonly string[];
  } | null;
  /** The network it gets when it is isolated; null: as config.json says. */
  readonly network: NetworkChoice | null;
  /** A recipe that was watched at work with the real agent; otherwise the screen says that it was not. */
  readonly tried: boolean;
  /** Why this agent cannot be used yet, one sentence; null when it can. */
  readonly unusable: string | null;
  readonly origin: 'built-in' | 'agents.json' | 'command line';
}

/** The name of our MCP server inside each agent: letters and digits only, since agents build tool names from it. */
export const toolServerName = 'signalbox';

/** A profile with the careful defaults: nothing offered, nothing known. */
export function profile(
  fields: Pick<AgentProfile, 'id' | 'label' | 'command' | 'installHint'> & Partial<AgentProfile>,
): AgentProfile {
  return {
    enabled: true,
    offers: { readFiles: false, writeFiles: false, terminals: false },
    ownVariables: [],
    localToolsOff: false,
    env: {},
    passEnv: [],
    sessionMeta: null,
    settings: null,
    isOurTool: null,
    mcp: 'stdio',
    protocol: 1,
    loginFiles: [],
    movedBy: [],
    modelSettings: null,
    requireIsolation: false,
    network: null,
    tried: false,
    unusable: null,
    origin: 'built-in',
    ...fields,
  };
}
