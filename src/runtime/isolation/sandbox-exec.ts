/** The wall of macOS: sandbox-exec with a profile of ours. It was never tried on a Mac; its trial here asks for one refusal at least. */
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { SpawnSpec } from '../../core/ports.ts';
import { toSandboxProfile } from './sandbox-profile.ts';
import { findInPath, tryCommand } from './trial.ts';
import type { Availability } from './wall.ts';

export async function openSandboxExec(searchPath: string): Promise<Availability> {
  const program = await findInPath('sandbox-exec', searchPath);
  if (program === null) {
    return { ok: false, reason: 'Isolation on macOS needs sandbox-exec, which was not found in PATH.' };
  }
  const toArgv = (spec: SpawnSpec, network: 'host' | 'none'): readonly string[] => [
    ...[program, '-p', toSandboxProfile(spec, network)],
    ...spec.argv,
  ];
  const trial = (argv: readonly string[]): Promise<string | null> => {
    const folder = '/private/var/empty';
    const spec = { argv, env: {}, cwd: folder, home: folder, readOnlyPaths: [], readWritePaths: [] };
    return tryCommand(toArgv(spec, 'none'));
  };
  const problem = await trial(['/bin/sh', '-c', ':']);
  if (problem !== null) {
    return { ok: false, reason: `sandbox-exec is installed and does not work here with our profile (${problem}).` };
  }
  if ((await trial(['/bin/ls', homedir()])) === null || (await trial(['/bin/ls', dirname(homedir())])) === null) {
    return { ok: false, reason: 'sandbox-exec let a trial look into your home folder, so it counts as no isolation.' };
  }
  const reason = 'a network of its own is not to be had with sandbox-exec';
  return {
    ok: true,
    wall: {
      program,
      name: 'sandbox-exec',
      shows:
        'sandbox-exec (with a profile that was never tested on a Mac) shows it its own HOME, its work folder and programs',
      ownNetwork: async () => ({ ok: false, reason }),
      toSpec: async (spec, network) => ({
        ...spec,
        argv: toArgv(spec, network),
        // /tmp is shared with everybody on this system.
        env: { ...spec.env, TMPDIR: spec.home },
      }),
    },
  };
}
