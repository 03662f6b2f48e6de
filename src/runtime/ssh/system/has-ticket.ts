/** Whether this user has a Kerberos ticket that is still good. It reads none. */
import { execFile } from 'node:child_process';
import { limits } from '../../../core/limits.ts';

/** As klist says, which is started with `env`; without klist, nobody has got one here. */
export function hasTicket(env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('klist', ['-s'], { env, timeout: limits.sshConfigTimeoutMs }, (error) => resolve(error === null));
  });
}
