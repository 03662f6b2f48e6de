/** From a profile to a running, contained process: program, clean environment, HOME, settings file, isolation. It speaks no protocol. */
import { mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { noteProcess } from '../../base/process-ledger.ts';
import type { ToolEndpoint } from '../../core/agents.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import type { Isolation, IsolationVerdict, NetworkChoice, SpawnSpec } from '../../core/ports.ts';
import { toolSocketVariable, toolTokenVariable } from '../../core/tool-door.ts';
import { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { toCleanEnvironment } from './environment.ts';
import { withLinkedModules } from './linked-modules.ts';
import { findProgram, type Program, toFoldersOf, toInstallFolder } from './program.ts';
import { writeSettings } from './settings-file.ts';

export interface LaunchParts {
  readonly paths: Paths;
  readonly isolation: Isolation;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly bridgeCommand: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** For agents whose entry names none; default `auto`. */
  readonly network?: () => Promise<NetworkChoice>;
}

export interface LaunchRequest {
  readonly profile: AgentProfile;
  readonly workFolder: string;
  /** The only socket it may reach; null for a probe. */
  readonly toolSocket: string | null;
  readonly toolToken?: string;
  /** Where it looks for our tools, when that is an address of this machine. */
  readonly endpoint?: ToolEndpoint | null;
  readonly requireIsolation: boolean;
  /** After those of the profile. */
  readonly arguments?: readonly string[];
  /** Beside those of the profile. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whatever the profile says. */
  readonly network?: NetworkChoice;
  /** Ends the process while it starts; whoever waits for its answers learns of its end. */
  readonly signal?: AbortSignal;
}

/** Rejects with OperationError: CONFIG_INVALID (not installed, cannot be started), UNSUPPORTED (isolation demanded and not to be had). */
export async function launch(
  parts: LaunchParts,
  request: LaunchRequest,
): Promise<{ readonly process: AgentProcess; readonly verdict: IsolationVerdict }> {
  const wrapped = await prepareLaunch(parts, request);
  const started = await AgentProcess.start(wrapped.spec, parts.redactor, parts.clock);
  if (started.pid !== null) void started.exited.then(noteProcess(join(parts.paths.runtime, 'agents'), started.pid));
  request.signal?.addEventListener('abort', () => void started.end(), { once: true });
  if (request.signal?.aborted) void started.end();
  return { process: started, verdict: wrapped.verdict };
}

/** What `launch` starts: the contained program with its HOME in place. Rejects as `launch` does. */
export async function prepareLaunch(
  parts: LaunchParts,
  request: LaunchRequest,
): Promise<{ readonly spec: SpawnSpec; readonly verdict: IsolationVerdict }> {
  const { profile } = request;
  const { paths } = parts;
  const forbidden = await withRealPaths([parts.env.HOME ?? homedir(), paths.config, paths.data, paths.runtime]);
  const program = await findAgent(profile, parts, forbidden);
  if (program === null) throw toNotFound(profile);
  // A command given by hand may be called like an agent of the catalogue, whose logins are not its own.
  const home = toAgentHome(paths, profile.origin === 'command line' ? `command.${profile.id}` : profile.id);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const settingsEnv = await writeSettings(profile, home);
  const { env, secrets } = toCleanEnvironment(parts.env, {
    passEnv: profile.passEnv,
    env: { ...profile.env, ...settingsEnv, ...request.variables },
    home,
    binFolders: [dirname(program.path), dirname(process.execPath)],
  });
  // Before the first byte of the agent is kept anywhere.
  for (const secret of secrets) parts.redactor.hold(secret);

  const ownFolders = [
    ...program.folders,
    ...(await toFoldersOf([...profile.command.slice(1), ...parts.bridgeCommand.slice(1)], forbidden)),
  ];
  const forwarder = toForwarder(parts, request);
  const wrapped = await parts.isolation.wrap(
    {
      argv: [...forwarder.argv, program.path, ...profile.command.slice(1), ...(request.arguments ?? [])],
      env: { ...env, ...forwarder.env },
      cwd: request.workFolder,
      home,
      readOnlyPaths: [
        await toInstallFolder(process.execPath, forbidden),
        ...(await withLinkedModules(ownFolders, forbidden)),
      ],
      readWritePaths: request.toolSocket === null ? [] : [request.toolSocket],
    },
    {
      toolsOff: profile.localToolsOff,
      network: request.network ?? profile.network ?? (await parts.network?.()) ?? 'auto',
    },
  );
  const isolated = wrapped.verdict.state === 'isolated' || wrapped.verdict.state === 'isolated, host network';
  if (!isolated && (request.requireIsolation || profile.requireIsolation)) {
    throw new OperationError(
      'UNSUPPORTED',
      `${profile.label} must be isolated and cannot be: ${wrapped.verdict.reason}`,
    );
  }
  return wrapped;
}

/** Programs are found by their real paths, and a home folder may be a link. */
async function withRealPaths(folders: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  return [...new Set([...folders, ...real])];
}

/** The folder that is an agent's HOME, in every session; its logins are in there. */
export function toAgentHome(paths: Pick<Paths, 'agentsFolder'>, agent: string): string {
  return join(toAgentFolder(paths, agent), 'home');
}

/** What is ours of an agent: its HOME, its program where `agent install` brought it here, and what the last probe found. */
export function toAgentFolder(paths: Pick<Paths, 'agentsFolder'>, agent: string): string {
  return join(paths.agentsFolder, agent.replaceAll(/[^A-Za-z0-9_.-]/g, '_'));
}

/** Where `agent install` puts the program of an agent. No agent can write there, whereas it could write below its HOME. */
export function toProgramFolder(paths: Pick<Paths, 'agentsFolder'>, agent: string): string {
  return join(toAgentFolder(paths, agent), 'program');
}

/**
 * An agent whose network is its own cannot reach an address of this machine: the bridge stands before it, repeats that address inside,
 * and passes it to the socket. Where the network is the machine's the port is taken, by the door itself, and the bridge only waits.
 */
function toForwarder(
  parts: LaunchParts,
  { endpoint, toolSocket, toolToken }: LaunchRequest,
): Pick<SpawnSpec, 'argv' | 'env'> {
  if (!endpoint || toolSocket === null || toolToken === undefined) return { argv: [], env: {} };
  return {
    argv: [...parts.bridgeCommand, '--forward', String(endpoint.port), '--'],
    env: { [toolSocketVariable]: toolSocket, [toolTokenVariable]: toolToken },
  };
}

export function toNotFound({ label, command, installHint }: AgentProfile): OperationError {
  return new OperationError('CONFIG_INVALID', `${label}: "${command[0]}" was not found. ${installHint}`);
}

/** Looks where `agent install` puts it, then where the operator's own shell would look. */
export async function findAgent(
  profile: AgentProfile,
  { env, paths }: Pick<LaunchParts, 'env' | 'paths'>,
  forbidden: readonly string[] = [],
): Promise<Program | null> {
  const own = join(toProgramFolder(paths, profile.id), 'node_modules', '.bin');
  const searchPath = `${own}:${env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}`;
  return await findProgram(profile.command[0] ?? '', searchPath, forbidden);
}
