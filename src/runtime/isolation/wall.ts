/** What a sandbox of this machine must be able to do, whichever it is. */
import type { SpawnSpec } from '../../core/ports.ts';
import type { OwnNetworkState } from './own-network.ts';

export interface Wall {
  /** Where its program is. */
  readonly program: string;
  readonly name: string;
  /** What an agent sees behind it: the rest of the sentence is about the network. */
  readonly shows: string;
  /** Whether an agent can have a network of its own behind it; tried once. */
  ownNetwork(): Promise<OwnNetworkState>;
  toSpec(spec: SpawnSpec, network: 'host' | 'none'): Promise<SpawnSpec>;
}

/** The reason says how to get one. */
export type Availability = { readonly ok: true; readonly wall: Wall } | { readonly ok: false; readonly reason: string };
