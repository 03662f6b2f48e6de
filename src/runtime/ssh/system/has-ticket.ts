/** Whether this user has a Kerberos ticket that is still good. It reads none. */
import { execFile } from 'node:child_process';
import { limits } from '../../../core/limits.ts';

/** As klist says; without klist, nobody has got one here. */
export function hasTicket(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('klist', ['-s'], { timeout: limits.sshConfigTimeoutMs }, (error) => resolve(error === null));
  });
}
