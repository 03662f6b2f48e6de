/** What the core needs from the world, in its own words. Runtime and adapters implement these; tests hand in others. */

import type { Disposable } from '../base/lifecycle.ts';
import type { PurgeReport, PurgeScope } from './audit/purge.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditRecord, AuditRow, AuditVerdict } from './audit/record.ts';
import type { DirEntry, Listing } from './dir-entry.ts';
import type { DurableNote } from './durable.ts';
import type { LineFacts } from './facts/line-facts.ts';
import type { AuthChoice } from './login/auth-choice.ts';
import type { ProxySettings } from './login/local-command.ts';
import type { Permit } from './permit.ts';
import type { ReadOutcome } from './read-outcome.ts';
import type { Environment, SecretSource, Target, Transport } from './server.ts';
import type { SshOptions } from './ssh-options.ts';
import type { TerminalInput } from './terminal.ts';
import type { VaultAsker } from './vault.ts';

// --- Servers ---------------------------------------------------------------------------------------------------------

export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'lost' | 'failed';

export interface ServerStatus {
  readonly id: string;
  readonly state: ConnectionState;
  /** Milliseconds of the last keepalive round trip; null before the first. */
  readonly latencyMs: number | null;
  /** SHA256:… of the key the server showed; null before the first connection. */
  readonly hostKey: string | null;
  /** Why the last attempt failed, one sentence. */
  readonly problem: string | null;
  /** What its connections have shown; absent before the first of this host. */
  readonly line?: LineFacts;
  /** When something that its lost connection interrupted is tried again, as the clock tells; past: it is being tried. Absent or null: nothing is. */
  readonly retryAtMs?: number | null;
}

/** A server id that is configured but cannot be used, with the sentence that says why. */
export interface BrokenServer {
  readonly id: string;
  readonly problem: string;
  /** What its record says, where the record can be read and only what it leads to cannot. */
  readonly environment?: Environment;
}

export interface Registry {
  /** All usable servers for a workspace (null: global only), sorted by id, and the broken ones. Never throws for one bad record. */
  list(
    workspace: string | null,
  ): Promise<{ servers: readonly Target[]; broken: readonly BrokenServer[]; warnings: readonly string[] }>;
  /**
   * Resolves one id. Throws OperationError SERVER_NOT_FOUND (naming the nearest id) or CONFIG_INVALID. `asked`: what only a person can allow on
   * the way there is asked of one, since somebody wants to go there; without it, nobody is.
   */
  resolve(id: string, workspace: string | null, people?: 'asked'): Promise<Target>;
}

/** Everything a connection needs, resolved at the moment of connecting; the values of secrets are not in it. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** Empty only where `ssh` has a ticket or a token instead. */
  readonly auth: readonly AuthChoice[];
  /** The server to reach it through; its own settings are asked for in turn. Null: directly. */
  readonly jump: Target | null;
  /** The name its key is kept under in known_hosts instead of host and port (HostKeyAlias of ssh_config). */
  readonly hostKeyAlias: string | null;
  /** A command of this machine is the line to it, instead of a connection to host and port; absent when there is none. */
  readonly proxy?: ProxySettings;
  /** Variables of our environment that hold secrets of servers, and are no business of programs of this machine; absent: none. */
  readonly secretVariables?: readonly string[];
  /** Where the password for sudo comes from; absent: sudo gets none. */
  readonly sudo?: SecretSource;
  /** Absent: `auto`. */
  readonly transport?: Transport;
  /** What else the user's OpenSSH configuration says of it; absent: none is about it. */
  readonly ssh?: SshOptions;
}

/** Where connections get their settings from: the registry implements this beside `Registry`. */
export interface ConnectionSource {
  /**
   * Settings of exactly the record that `target.recordHash` names; for a target that `jump` gave, of that hop.
   * Throws OperationError CONFIG_INVALID when the record has changed since the target was resolved, SERVER_NOT_FOUND when it is gone.
   */
  connection(target: Target): Promise<ConnectionSettings>;
  /** Where those come from; `brief`: without asking ssh which line said what. */
  explain?(target: Target, depth?: 'brief' | 'whole'): Promise<SettingsAccount>;
}

/** What is at a path now, as prepare found it. */
export type PathState =
  | { readonly kind: 'absent'; readonly missingFolders: readonly string[] }
  | { readonly kind: 'directory' }
  | { readonly kind: 'special'; readonly type: string }
  | {
      readonly kind: 'file';
      /** Null when it is larger than asked for. */
      readonly content: Uint8Array | null;
      /** Of the whole file, also when it is larger than asked for; empty when no content was asked for. */
      readonly sha256: string;
      readonly size: number;
      /** Permission bits. */
      readonly mode: number;
      readonly owner: string;
      readonly group: string;
      readonly uid: number;
      readonly gid: number;
    };

export interface Survey {
  readonly hostKey: string;
  /** Every link resolved; for an absent file its real folder plus the name. */
  readonly realPath: string;
  readonly state: PathState;
  /** How a write would replace the file, and why not atomically. */
  readonly replace: 'atomic' | 'in-place';
  readonly inPlaceReason: string | null;
}

export interface SurveyRequest {
  readonly target: Target;
  readonly path: string;
  /** Read the content too, up to this many bytes; 0 for none. */
  readonly contentBytesMax: number;
  readonly signal: AbortSignal;
}

/** What comes back from the server while a permit is carried out. */
export interface PerformSink {
  /** All bytes as they arrive, also those beyond what the outcome keeps. The callee may reuse nothing: each chunk is its own memory. */
  onOutput?(stream: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** Whoever takes the output has too much of it: the server is to wait. Asked after each chunk, and then until it is false. */
  isBehind?(): boolean;
  /** Real paths of `realPathsOf`, before the result, and again once the command has ended; a path that cannot be resolved maps to itself. */
  onRealPaths?(realPaths: ReadonlyMap<string, string>): void;
  /** Once, as soon as a shell is there. */
  onTerminal?(terminal: TerminalInput): void;
}

export interface ExecOutcome {
  readonly kind: 'exec';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** How it ended: by itself, by its time limit, or because the caller cancelled. Lost connections throw CONNECTION_LOST. */
  readonly ended: 'exit' | 'timeout' | 'cancelled';
  /** sudo took the password of the server's record. */
  readonly sudo?: 'password';
  /** Set when it is a durable command: it may go on although this has ended. */
  readonly durable?: Pick<DurableNote, 'id' | 'state' | 'exitCode' | 'folder' | 'doneAt'>;
}

export interface ShellOutcome {
  readonly kind: 'shell';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What it printed. */
  readonly bytes: number;
  /** By itself, or because the caller closed it. A lost connection throws CONNECTION_LOST. */
  readonly ended: 'exit' | 'cancelled';
}

export type PerformOutcome =
  | ExecOutcome
  | ShellOutcome
  | ReadOutcome
  | ({ readonly kind: 'list-dir' } & Listing)
  | { readonly kind: 'stat'; readonly entry: DirEntry }
  /** `changedPath` is true as soon as the server's file may differ from before. `verifiedSha256` is what a read after the write found. */
  | {
      readonly kind: 'write-file';
      readonly created: boolean;
      readonly verifiedSha256: string;
      /** Folders that this write made, outermost first; those that were there by then are not among them. */
      readonly createdFolders: readonly string[];
      /** The connection was lost in the middle, and it was brought to its end over another. */
      readonly resumed?: true;
    }
  /** A look after the removal found nothing at the path. Folders in the order in which they went. */
  | { readonly kind: 'remove-file'; readonly removedFolders: readonly string[]; readonly resumed?: true };

/** The only way to a server. Errors are OperationErrors; CONNECTION_LOST after something was sent has `outcomeUnknown`. */
export interface Servers {
  /** Reads only, for prepare: connects when it must. */
  survey(request: SurveyRequest): Promise<Survey>;
  /** Real path of a path on the server, links resolved; the path itself when it does not exist. */
  realPath(target: Target, path: string, signal: AbortSignal): Promise<string>;
  /**
   * A command that policy allows is about to be recorded and then run: on a connection that is open already, this may open the channel
   * for it. Opening one is transport; nothing is asked of the server, and nothing runs. Dispose when the command has run, or will not.
   */
  anticipate(target: Target): Disposable;
  perform(permit: Permit, sink: PerformSink, signal: AbortSignal): Promise<PerformOutcome>;
  status(id: string): ServerStatus;
  /** What waits for its next try is tried at once. */
  retryNow(id: string): void;
  /** Ends the connections over commands of this machine that are not allowed any more. */
  endRevoked(): Promise<void>;
  onStatus(listener: (status: ServerStatus) => void): Disposable;
  /** What its connections have shown, of this one or of an earlier host; null for nothing. */
  line(target: Target): Promise<LineFacts | null>;
  /** It is learned anew: what was may have been put right. */
  learnAnew(target: Target): Promise<void>;
  /** Connects and says what it found, step by step; for `server test`. */
  test(target: Target, signal: AbortSignal): Promise<readonly TestStep[]>;
  dispose(): Promise<void>;
}

export interface TestStep {
  readonly name: string;
  readonly ok: boolean;
  /** What was found in a line; of a step that failed, why and what to do. */
  readonly detail: string;
  /** How long it took, in milliseconds; absent or null where that means nothing. */
  readonly ms?: number | null;
  /** What else was seen, a line each, for whoever wants to know all. */
  readonly notes?: readonly string[];
}

/** Where the settings of a connection come from, in words. */
export interface SettingsAccount {
  /** `the ssh alias web, lines 3 and 12 of ~/.ssh/config` */
  readonly source: string;
  /** Which line gave what, as far as can be known. */
  readonly notes: readonly string[];
  /** What the user's OpenSSH configuration says and is not done, each with its sentence. */
  readonly leftOut: readonly { readonly option: string; readonly value: string; readonly sentence: string }[];
}

export interface Secrets {
  /** `what` is named without an article. Throws CREDENTIALS_UNAVAILABLE with what to do. The value is registered with the redactor before it is returned. */
  reveal(source: SecretSource, what: string, asker?: VaultAsker): Promise<string>;
}

// --- Audit and snapshots ----------------------------------------------------------------------------------------------

export interface AuditLog {
  /** Appends in order with one write and, unless `durable` is false, one fdatasync. Throws AUDIT_UNAVAILABLE; then nothing may run. */
  append(entries: readonly AuditEntry[], options?: { readonly durable?: boolean }): Promise<readonly AuditRecord[]>;
  page(query: AuditQuery): Promise<AuditPage>;
  /** All records of one operation, oldest first. */
  records(id: string): Promise<readonly AuditRecord[]>;
  /** Unknown outcomes, partial failures and intents that never ran (from earlier runs of the host) that nobody has acknowledged. */
  openItems(): Promise<readonly AuditRow[]>;
  verify(): Promise<AuditVerdict>;
  onAppend(listener: (record: AuditRecord) => void): Disposable;
  close(): Promise<void>;
}

/** The state of one remote file as the snapshot store keeps it. */
export type FileImage =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'content';
      readonly content: Uint8Array;
      readonly sha256: string;
      readonly mode: number;
      readonly owner: string;
    }
  /** Too large or sensitive: only the hash is kept. */
  | {
      readonly kind: 'hash-only';
      readonly sha256: string;
      readonly size: number;
      readonly mode: number;
      readonly owner: string;
    };

export interface SnapshotNote {
  readonly server: string;
  readonly realPath: string;
  readonly auditId: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly moment: 'before' | 'after';
}

export interface Snapshots {
  /** Throws SNAPSHOT_UNAVAILABLE when a commit could not be written now. */
  checkWritable(): Promise<void>;
  /** Commits the image when it differs from what is stored; returns the commit that holds it. Throws SNAPSHOT_FAILED. */
  commit(image: FileImage, note: SnapshotNote): Promise<string>;
  /** What is about to be committed is brought to the disk meanwhile, where that is worth it. Tells nothing: a commit needs none of it. */
  stage?(image: FileImage): void;
  /** What a commit holds for a path. */
  read(commit: string, server: string, realPath: string): Promise<FileImage>;
  /** Takes contents out of the store for good; their hashes stay, and `read` goes on with the same commits. Throws SNAPSHOT_FAILED. */
  purge?(scope: PurgeScope): Promise<PurgeReport>;
}

export type { Recording, RecordingFacts, RecordingNote, Recordings } from './recording/recordings.ts';

// --- Local programs ---------------------------------------------------------------------------------------------------

export type { Isolation, IsolationState, IsolationVerdict, NetworkChoice, SpawnSpec } from './isolation.ts';
