/** What is known about a server as a machine, for whoever begins to work on it. Data, and the port through which it is asked for. */
import type { Disposable } from '../../base/lifecycle.ts';
import type { Origin } from '../caller.ts';
import type { LineFacts } from './line-facts.ts';

export interface DiskFacts {
  readonly mount: string;
  readonly sizeBytes: number;
  readonly availableBytes: number;
}

/** Null is for what could not be found out; `unknown` says why. Never an address, a user or a credential. */
export interface ServerFacts {
  readonly server: string;
  /** ISO 8601. */
  readonly gatheredAt: string;
  readonly os: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  readonly packageManager: string | null;
  readonly init: string | null;
  /** Names of the units that run; `more` were left out. */
  readonly services: { readonly running: readonly string[]; readonly more: number } | null;
  readonly processors: number | null;
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null;
  readonly disks: readonly DiskFacts[] | null;
  readonly uptimeSeconds: number | null;
  /** The server's clock less ours; exact to about a second. */
  readonly clockSkewSeconds: number | null;
  /** The program a login starts, as `/usr/bin/fish`. */
  readonly loginShell: string | null;
  /** Of the programs that make commands safer to run from afar, those that are there. */
  readonly tools: readonly string[] | null;
  /** What its connections have shown when it was looked at; null for nothing. */
  readonly line: LineFacts | null;
  readonly unknown: readonly { readonly probe: string; readonly reason: string }[];
}

/** Who wants to know, for the record. */
export interface FactsReader {
  readonly server: string;
  readonly workspace: string | null;
  /** On whose behalf, for the record; null for a person. */
  readonly session: string | null;
  readonly agent: string | null;
  readonly origin: Origin;
}

export interface FactsRequest extends FactsReader {
  readonly refresh: 'when old' | 'now';
  readonly signal: AbortSignal;
}

export interface FactsSource {
  /** Gathers them when there are none yet, or they are old. Rejects with OperationError: as an operation on the server. */
  read(request: FactsRequest): Promise<ServerFacts>;
  /** As they were last seen, of this record of the server; null when nobody has looked. Reaches no server, and is recorded. */
  known(reader: FactsReader): Promise<ServerFacts | null>;
  /** The same for a person's own screen: no agent is told, so nothing is recorded. `line` also where nobody has looked. */
  peek(
    server: string,
    workspace: string | null,
  ): Promise<{ readonly facts: ServerFacts | null; readonly line: LineFacts | null }>;
  /** Facts of this server were gathered. */
  onChanged(listener: (server: string) => void): Disposable;
}

/** Where facts outlive the host. A store that fails is no failure of theirs: they are gathered anew. */
export interface FactsStore {
  /** @param recordHash of the record that they were gathered with; another one is another machine. */
  read(recordHash: string): Promise<ServerFacts | null>;
  write(recordHash: string, facts: ServerFacts): Promise<void>;
}

/** The name of the facts of a server as an MCP resource. */
export function toFactsUri(server: string): string {
  return `server://${server}`;
}
