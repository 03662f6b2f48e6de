/** The wall of Linux: bubblewrap, with limits on what is behind it. Whether it works here is tried, not assumed. */
import { limits } from '../../core/limits.ts';
import type { SpawnSpec } from '../../core/ports.ts';
import { isSystemPath, toBubblewrapArguments } from './bubblewrap-arguments.ts';
import { toFilterOptions, toFilterShell } from './filter-words.ts';
import { type OwnNetworkState, tryOwnNetwork } from './own-network.ts';
import { toSystemCallFilter } from './system-call-filter.ts';
import { findInPath, tryCommand } from './trial.ts';
import type { Availability } from './wall.ts';

const nothing: SpawnSpec = {
  argv: ['/bin/sh', '-c', ':'],
  env: {},
  cwd: '/tmp',
  home: '/tmp',
  readOnlyPaths: [],
  readWritePaths: [],
};

export async function openBubblewrap(searchPath: string): Promise<Availability> {
  const program = await findInPath('bwrap', searchPath);
  if (program === null) {
    const reason = 'Isolation needs bubblewrap: install the package "bubblewrap" and start the agent again.';
    return { ok: false, reason };
  }
  let filter: Uint8Array | null = null;
  const toArgv = async (argv: readonly string[], spec: SpawnSpec, extra: readonly string[]) => [
    ...[...toFilterShell(filter), program, ...toFilterOptions(filter)],
    ...[...(await toBubblewrapArguments(spec, { extra, resolvFile: null })), '--', ...argv],
  ];
  const problem = await tryCommand(await toArgv(nothing.argv, nothing, []));
  if (problem !== null) {
    const reason =
      `bubblewrap is installed and does not work here (${problem}); most often unprivileged user namespaces are ` +
      'switched off: `signalbox doctor` says how to allow them.';
    return { ok: false, reason };
  }
  filter = toSystemCallFilter(process.arch);
  const noFilter =
    filter === null ? `none is known for ${process.arch}` : await tryCommand(await toArgv(nothing.argv, nothing, []));
  if (noFilter !== null) filter = null;
  const bounds = await toBounds(searchPath);
  let known: Promise<OwnNetworkState> | null = null;
  const ownNetwork = async (): Promise<OwnNetworkState> => {
    known ??= tryOwnNetwork(program, searchPath, filter);
    const state = await known;
    if (!state.ok) return state;
    const { network } = state;
    return {
      ok: true,
      network: { ...network, toArgv: (spec, inner) => network.toArgv(spec, [...bounds, ...inner]) },
    };
  };
  return {
    ok: true,
    wall: {
      program,
      name: 'bubblewrap',
      shows: `bubblewrap shows it its own HOME, its work folder and programs${
        noFilter === null ? '' : `, without a filter of system calls (${noFilter})`
      }`,
      ownNetwork,
      toSpec: async (spec, network) => ({
        ...spec,
        argv: await toArgv([...bounds, ...spec.argv], spec, network === 'none' ? ['--unshare-net'] : []),
      }),
    },
  };
}

/** No core files, which would hold its keys, and no more processes than work needs; nothing where prlimit is missing. */
async function toBounds(searchPath: string): Promise<readonly string[]> {
  const program = await findInPath('prlimit', `${searchPath}:/usr/bin:/bin`);
  if (program === null || !isSystemPath(program)) return [];
  const bounds = [program, '--core=0:0', `--nproc=${limits.agentTasksMax}:${limits.agentTasksMax}`, '--'];
  // A hard limit of the machine that is lower already cannot be raised, and is as good.
  return (await tryCommand([...bounds, '/bin/sh', '-c', ':'])) === null ? bounds : [];
}
