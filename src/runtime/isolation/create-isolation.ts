/** Isolation of agent processes with bubblewrap: an empty root, and on it only what is listed. It knows no agent and no protocol. */
import { execFile } from 'node:child_process';
import { access, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { Isolation } from '../../core/ports.ts';
import { toBubblewrapArguments } from './bubblewrap-arguments.ts';

export interface IsolationOptions {
  readonly platform: NodeJS.Platform;
  /** PATH to look for the program in. */
  readonly searchPath: string;
}

type Availability = { readonly ok: true; readonly program: string } | { readonly ok: false; readonly reason: string };

/** Long enough for a busy machine; a trial that hangs means that it does not work. */
const trialTimeoutMs = 10_000;

export function createIsolation(options: IsolationOptions): Isolation {
  let known: Promise<Availability> | null = null;
  const tryOnce = (): Promise<Availability> => {
    known ??= tryBubblewrap(options);
    return known;
  };
  return {
    async available() {
      const state = await tryOnce();
      return state.ok ? { ok: true, reason: `bubblewrap at ${state.program}` } : state;
    },
    async wrap(spec, { toolsOff }) {
      const state = await tryOnce();
      if (!state.ok) {
        return {
          spec,
          verdict: toolsOff
            ? { state: 'tools off', reason: `its own tools are switched off, which is no wall. ${state.reason}` }
            : { state: 'NOT CONTAINED', reason: `it runs as you and can do what you can. ${state.reason}` },
        };
      }
      const argv = [state.program, ...(await toBubblewrapArguments(spec)), '--', ...spec.argv];
      const reason = 'bubblewrap shows it its own HOME, its work folder and programs; it can open network connections.';
      return { spec: { ...spec, argv }, verdict: { state: 'isolated, host network', reason } };
    },
  };
}

async function tryBubblewrap({ platform, searchPath }: IsolationOptions): Promise<Availability> {
  if (platform !== 'linux') {
    return { ok: false, reason: `Isolation needs bubblewrap, which runs on Linux only; this is ${platform}.` };
  }
  const program = await findBubblewrap(searchPath);
  if (program === null) {
    return {
      ok: false,
      reason: 'Isolation needs bubblewrap: install the package "bubblewrap" and start the agent again.',
    };
  }
  const spec = {
    argv: ['/bin/sh', '-c', ':'],
    env: {},
    cwd: '/tmp',
    home: '/tmp',
    readOnlyPaths: [],
    readWritePaths: [],
  };
  try {
    const args = [...(await toBubblewrapArguments(spec)), '--', ...spec.argv];
    await promisify(execFile)(program, args, { env: {}, timeout: trialTimeoutMs });
    return { ok: true, program };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const why = (stderr?.trim() || message).split('\n')[0];
    return {
      ok: false,
      reason: `bubblewrap is installed and does not work here (${why}); most often unprivileged user namespaces are switched off.`,
    };
  }
}

async function findBubblewrap(searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(':')) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, 'bwrap');
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return await realpath(path);
  }
  return null;
}
