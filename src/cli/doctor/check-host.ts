/** Looks whether a host runs and fits this program, without ever starting one. */
import { connect } from '../../client/connect.ts';
import { HostError } from '../../client/host-error.ts';
import type { Paths } from '../../core/paths.ts';
import { bad, type Finding, ok } from './finding.ts';

export async function checkHost(paths: Paths, cwd: string, version: string): Promise<Finding> {
  try {
    const { connection, hello } = await connect({ paths, cwd, client: 'cli', version, start: 'never' });
    connection.close();
    return ok('host', `runs (pid ${hello.pid}, version ${hello.version})`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // Nobody listens: that is how it is before the first session.
    if (error.code === 'UNREACHABLE' && error.message.startsWith('No host runs'))
      return ok('host', 'none runs; the first session starts one');
    return bad('host', error.message, 'Until then no session can be opened.');
  }
}
