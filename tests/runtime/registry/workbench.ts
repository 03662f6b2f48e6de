/** A home, a workspace and an ssh configuration in one temporary folder: what every registry test starts from. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import type { LocalCommands } from '../../../src/core/login/local-command.ts';
import { toPaths } from '../../../src/runtime/paths.ts';
import { createRegistry } from '../../../src/runtime/registry/create-registry.ts';
import { createTrust } from '../../../src/runtime/trust.ts';

export function openWorkbench() {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-registry-'));
  const env = { PATH: process.env.PATH ?? '', HOME: join(folder, 'home'), SIGNALBOX_HOME: join(folder, 'signalbox') };
  const paths = toPaths(env);
  const workspace = join(folder, 'project');
  const workspaceFile = join(workspace, '.signalbox', 'servers.json');
  const sshConfigFile = join(folder, 'ssh', 'config');
  const write = (file: string, content: unknown, mode = 0o600): string => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    chmodSync(file, mode);
    return file;
  };
  return {
    folder,
    env,
    paths,
    workspace,
    workspaceFile,
    sshConfigFile,
    trust: createTrust(paths.trustFile),
    write,
    writeGlobal: (content: unknown, mode?: number) => write(paths.serversFile, content, mode),
    writeWorkspace: (content: unknown, mode?: number) => write(workspaceFile, content, mode),
    writeSshConfig: (content: string) => write(sshConfigFile, content),
    registry: (
      options: {
        readonly sshProgram?: string | null;
        readonly env?: NodeJS.ProcessEnv;
        readonly localCommands?: LocalCommands;
      } = {},
    ) =>
      createRegistry({
        paths,
        env: { ...env, ...options.env },
        sshConfigFile,
        ...(options.localCommands ? { localCommands: options.localCommands } : {}),
        ...('sshProgram' in options ? { sshProgram: options.sshProgram ?? null } : {}),
      }),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Workbench = ReturnType<typeof openWorkbench>;

export function record(id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id,
    host: '10.0.0.5',
    username: 'ubuntu',
    auth: { kind: 'password', secret: { env: 'WEB_PASSWORD' } },
    ...more,
  };
}

/** The OperationError a promise is rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<OperationError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OperationError);
  return error as OperationError;
}
