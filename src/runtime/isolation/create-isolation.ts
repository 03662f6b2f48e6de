/** Isolation of agent processes: which wall this machine has, which network is behind it, and the words for both. It knows no agent. */
import { OperationError } from '../../core/codes.ts';
import type { Isolation, IsolationVerdict, NetworkChoice, SpawnSpec } from '../../core/ports.ts';
import { openBubblewrap } from './bubblewrap.ts';
import { closeInheritedDescriptors } from './inherited-descriptors.ts';
import { findLoopbackUse } from './loopback-use.ts';
import { openSandboxExec } from './sandbox-exec.ts';
import type { Availability, Wall } from './wall.ts';

export interface IsolationOptions {
  readonly platform: NodeJS.Platform;
  /** PATH to look for the programs in. */
  readonly searchPath: string;
}

export function createIsolation(options: IsolationOptions): Required<Isolation> {
  let known: Promise<Availability> | null = null;
  const tryOnce = (): Promise<Availability> => {
    known ??= openWall(options);
    return known;
  };
  return {
    async available() {
      const state = await tryOnce();
      return state.ok ? { ok: true, reason: `${state.wall.name} at ${state.wall.program}` } : state;
    },
    async ownNetwork() {
      const state = await tryOnce();
      if (!state.ok) return state;
      const own = await state.wall.ownNetwork();
      return own.ok ? { ok: true, reason: own.network.name } : own;
    },
    async wrap(spec, { toolsOff, network = 'auto' }) {
      closeInheritedDescriptors();
      const state = await tryOnce();
      if (state.ok) return await isolate(state.wall, spec, network);
      if (network === 'own' || network === 'none') throw refuse(network, state.reason);
      return { spec, verdict: toOpenVerdict(state.reason, toolsOff) };
    },
  };
}

async function openWall({ platform, searchPath }: IsolationOptions): Promise<Availability> {
  if (platform === 'linux') return await openBubblewrap(searchPath);
  if (platform === 'darwin') return await openSandboxExec(searchPath);
  return { ok: false, reason: `Isolation needs Linux (bubblewrap) or macOS (sandbox-exec); this is ${platform}.` };
}

async function isolate(
  wall: Wall,
  spec: SpawnSpec,
  choice: NetworkChoice,
): Promise<{ readonly spec: SpawnSpec; readonly verdict: IsolationVerdict }> {
  if (choice === 'none') {
    const verdict: IsolationVerdict = { state: 'isolated', reason: `${wall.shows}; it has no network at all.` };
    return { spec: await wall.toSpec(spec, 'none'), verdict };
  }
  const why = await whyHostNetwork(wall, spec, choice);
  if (why === null) {
    const own = await wall.ownNetwork();
    if (own.ok) {
      const { network } = own;
      const reason =
        `${wall.shows}; its network is its own (${network.name}): it reaches other machines, and neither loopback ` +
        'nor abstract sockets of this one.';
      return {
        spec: { ...spec, argv: await network.toArgv(spec, spec.argv) },
        verdict: { state: 'isolated', reason },
      };
    }
  }
  const reason =
    `${wall.shows}; the network is this machine's, so it can reach what listens on loopback and on abstract sockets ` +
    `(${why}).`;
  return { spec: await wall.toSpec(spec, 'host'), verdict: { state: 'isolated, host network', reason } };
}

/** Null when the agent gets its own. Throws UNSUPPORTED when that is demanded and cannot be. */
async function whyHostNetwork(wall: Wall, spec: SpawnSpec, choice: NetworkChoice): Promise<string | null> {
  if (choice === 'host') return '"network" is "host" in the configuration';
  const used = choice === 'own' ? null : findLoopbackUse(spec.env);
  if (used !== null) return `${used} names an address of this machine`;
  const own = await wall.ownNetwork();
  if (own.ok) return null;
  if (choice === 'own') throw refuse(choice, `${own.reason}.`);
  return own.reason;
}

function refuse(choice: 'own' | 'none', reason: string): OperationError {
  const what = choice === 'own' ? 'a network of its own' : 'no network';
  return new OperationError(
    'UNSUPPORTED',
    `The configuration demands ${what} for this agent ("network": "${choice}"), and it cannot be had: ${reason}`,
  );
}

function toOpenVerdict(reason: string, toolsOff: boolean): IsolationVerdict {
  return toolsOff
    ? { state: 'tools off', reason: `its own tools are switched off, which is no wall. ${reason}` }
    : { state: 'NOT CONTAINED', reason: `it runs as you and can do what you can. ${reason}` };
}
