/** From a profile to a running, contained process: program, clean environment, HOME, settings file, isolation. It speaks no protocol. */
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Redactor } from '../../core/audit/redactor.ts';
import { OperationError } from '../../core/codes.ts';
import type { Paths } from '../../core/paths.ts';
import type { Isolation, IsolationVerdict } from '../../core/ports.ts';
import { noteAgent } from './agent-ledger.ts';
import { AgentProcess } from './agent-process.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import { toCleanEnvironment } from './environment.ts';
import { withLinkedModules } from './linked-modules.ts';
import { findProgram, type Program, toFoldersOf, toInstallFolder } from './program.ts';

export interface LaunchParts {
  readonly paths: Paths;
  readonly isolation: Isolation;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly bridgeCommand: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface LaunchRequest {
  readonly profile: AgentProfile;
  readonly workFolder: string;
  /** The only socket it may reach; null for a probe. */
  readonly toolSocket: string | null;
  readonly requireIsolation: boolean;
}

/** Rejects with OperationError: CONFIG_INVALID (not installed, cannot be started), UNSUPPORTED (isolation demanded and not to be had). */
export async function launch(
  parts: LaunchParts,
  request: LaunchRequest,
): Promise<{ readonly process: AgentProcess; readonly verdict: IsolationVerdict }> {
  const { profile } = request;
  const { paths } = parts;
  const forbidden = [parts.env.HOME ?? homedir(), paths.config, paths.data, paths.runtime];
  const program = await findAgent(profile, parts.env, forbidden);
  if (program === null) {
    const [name] = profile.command;
    throw new OperationError('CONFIG_INVALID', `${profile.label}: "${name}" was not found. ${profile.installHint}`);
  }
  const home = join(paths.agentsFolder, profile.id.replaceAll(/[^A-Za-z0-9_.-]/g, '_'), 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const settingsEnv = await writeSettings(profile, home);
  const { env, secrets } = toCleanEnvironment(parts.env, {
    passEnv: profile.passEnv,
    env: { ...profile.env, ...settingsEnv },
    home,
    binFolders: [dirname(program.path), dirname(process.execPath)],
  });
  // Before the first byte of the agent is kept anywhere.
  for (const secret of secrets) parts.redactor.hold(secret);

  const ownFolders = [
    ...program.folders,
    ...(await toFoldersOf([...profile.command.slice(1), ...parts.bridgeCommand.slice(1)], forbidden)),
  ];
  const wrapped = await parts.isolation.wrap(
    {
      argv: [program.path, ...profile.command.slice(1)],
      env,
      cwd: request.workFolder,
      home,
      readOnlyPaths: [await toInstallFolder(process.execPath), ...(await withLinkedModules(ownFolders, forbidden))],
      readWritePaths: request.toolSocket === null ? [] : [request.toolSocket],
    },
    { toolsOff: profile.localToolsOff },
  );
  const isolated = wrapped.verdict.state === 'isolated' || wrapped.verdict.state === 'isolated, host network';
  if (!isolated && (request.requireIsolation || profile.requireIsolation)) {
    throw new OperationError(
      'UNSUPPORTED',
      `${profile.label} must be isolated and cannot be: ${wrapped.verdict.reason}`,
    );
  }
  const started = await AgentProcess.start(wrapped.spec, parts.redactor, parts.clock);
  if (started.pid !== null) void started.exited.then(noteAgent(paths, started.pid));
  return { process: started, verdict: wrapped.verdict };
}

/** Looks where the operator's own shell would look. */
export async function findAgent(
  profile: AgentProfile,
  env: NodeJS.ProcessEnv,
  forbidden: readonly string[] = [],
): Promise<Program | null> {
  return await findProgram(profile.command[0] ?? '', env.PATH ?? '/usr/local/bin:/usr/bin:/bin', forbidden);
}

async function writeSettings(profile: AgentProfile, home: string): Promise<Readonly<Record<string, string>>> {
  const { settings } = profile;
  if (settings === null) return {};
  const path = join(home, settings.path);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(settings.content, null, 2)}\n`, { mode: 0o600 });
  return settings.variable === null ? {} : { [settings.variable]: path };
}
