/** Looks whether a host runs and fits this program, without ever starting one. */
import { statSync } from 'node:fs';
import { connect } from '../../client/connect.ts';
import { HostError } from '../../client/host-error.ts';
import type { Paths } from '../../core/paths.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

export async function checkHost(paths: Paths, cwd: string, version: string): Promise<Finding> {
  try {
    const { connection, hello } = await connect({ paths, cwd, client: 'cli', version, start: 'never' });
    connection.close();
    const runs = `runs (pid ${hello.pid}, version ${hello.version})`;
    return isOlderThanItsSettings(paths)
      ? warn('host', `${runs}, and config.json was changed since`, restart)
      : ok('host', runs);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    // Nobody listens: that is how it is before the first session.
    if (error.code === 'UNREACHABLE' && error.message.startsWith('No host runs'))
      return ok('host', 'none runs; the first session starts one');
    return bad('host', error.message, 'Until then no session can be opened.');
  }
}

const restart =
  'The network counts for the next agent, "screen" for the next screen, all else for the next host: `signalbox kill-host` ends this one.';

/** The host reads most of config.json once; its socket is as old as it is. */
function isOlderThanItsSettings({ configFile, controlSocket }: Paths): boolean {
  const [settings, host] = [configFile, controlSocket].map(
    (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  );
  return settings !== undefined && host !== undefined && settings > host;
}
