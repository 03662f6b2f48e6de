/** How an agent's process is started so that it reaches nothing it was not given: what the core says and asks of it. Runtime implements it. */

/** How well an agent is contained, always said in these words. */
export type IsolationState = 'isolated' | 'isolated, host network' | 'tools off' | 'NOT CONTAINED';

export interface IsolationVerdict {
  readonly state: IsolationState;
  readonly reason: string;
}

/**
 * The network of an agent. `auto`: its own where that works and nothing it is told to use is on this machine's loopback, else the
 * host's, and the verdict says so. The others are demands: what cannot be had is refused.
 */
export type NetworkChoice = 'auto' | 'own' | 'host' | 'none';

export interface SpawnSpec {
  /** Absolute path of the program, then its arguments; no shell. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** The agent's HOME, read-write. */
  readonly home: string;
  /** More paths: what the program needs to run, read-only, and its one socket, read-write. */
  readonly readOnlyPaths: readonly string[];
  readonly readWritePaths: readonly string[];
}

export interface Isolation {
  /** Whether isolation works on this machine, tried once, with the reason and how to get it when not. */
  available(): Promise<{ readonly ok: boolean; readonly reason: string }>;
  /** Whether an agent can get a network of its own here, tried once; with the reason and how to get it when not. */
  ownNetwork?(): Promise<{ readonly ok: boolean; readonly reason: string }>;
  /**
   * The spec to spawn instead, and how contained that is. `toolsOff` tells that a profile switched the agent's local tools off;
   * `network` is `auto` by default. Rejects with OperationError UNSUPPORTED when a demanded network cannot be had.
   */
  wrap(
    spec: SpawnSpec,
    options: { readonly toolsOff: boolean; readonly network?: NetworkChoice },
  ): Promise<{ readonly spec: SpawnSpec; readonly verdict: IsolationVerdict }>;
}
