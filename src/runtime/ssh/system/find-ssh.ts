/** The ssh of this machine: whether it is there and new enough. It starts nothing else. */
import { execFile } from 'node:child_process';
import { OperationError } from '../../../core/codes.ts';
import { limits } from '../../../core/limits.ts';

/** The name that is looked for along PATH. */
export const sshProgram = 'ssh';

/** `OpenSSH_9.2p1`. Throws UNSUPPORTED with what to do; `need` says what for, as the end of a sentence; it is started with `env`. */
export async function findSsh(need: string, env: NodeJS.ProcessEnv): Promise<string> {
  const said = await new Promise<string | null>((resolve) => {
    execFile(sshProgram, ['-V'], { env, timeout: limits.sshConfigTimeoutMs }, (error, _stdout, stderr) =>
      resolve(error === null ? stderr : null),
    );
  });
  const parts = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)\S*?(?=[,\s]|$)/.exec(said ?? '');
  if (parts === null)
    throw new OperationError('UNSUPPORTED', `${need}, and no OpenSSH is installed here; install its client (ssh).`);
  const [version, major, minor] = parts;
  if (Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 5)) return version;
  throw new OperationError('UNSUPPORTED', `${need}, and ${version} is too old for that; install OpenSSH 8.5 or newer.`);
}
