/** Everything a host is built from: the composition root hands it in, tests hand in others. The host itself reaches no server, log or agent directly. */
import type { Clock } from '../base/clock.ts';
import type { Agents } from '../core/agents.ts';
import type { Approvals } from '../core/approval/approval.ts';
import type { Redactor } from '../core/audit/redactor.ts';
import type { DurableNotes } from '../core/durable.ts';
import type { FactsSource } from '../core/facts/server-facts.ts';
import type { OperatorGate } from '../core/gate.ts';
import type { LocalCommands } from '../core/login/local-command.ts';
import type { LoginDesk } from '../core/login/login-desk.ts';
import type { Paths } from '../core/paths.ts';
import type { PolicyRules } from '../core/policy/policy-source.ts';
import type { AuditLog, FileImage, Registry, Servers, Snapshots } from '../core/ports.ts';
import type { RepeatGuard } from '../core/repeat-guard.ts';
import type { Target } from '../core/server.ts';
import type { ToolDoor } from '../core/tool-door.ts';
import type { Vault } from '../core/vault.ts';

import type { RecordingShelf } from './recording-keeper.ts';
import type { RecordingFiles } from './recording-pages.ts';

export type { ToolDoor, ToolDoorHooks } from '../core/tool-door.ts';

export interface HostParts {
  /** `close` lets running operations settle for a while, then cancels them; `endSession` forgets what was granted to a session. */
  readonly gate: OperatorGate & { close(): Promise<void>; endSession(session: string): void };
  /** `close` refuses everything that waits and everything that still comes; the host calls it once, when it stops. */
  readonly approvals: Approvals & { close(reason: string): void };
  /** The operator's rules; the gate asks the same ones. */
  readonly policies: PolicyRules;
  readonly registry: Registry;
  readonly servers: Servers;
  /** What logins wait for from a person. */
  readonly logins: LoginDesk;
  readonly vault: Vault;
  /** The leave for commands of this machine that lead to servers; absent where none can. */
  readonly localCommands?: LocalCommands;
  readonly audit: AuditLog;
  readonly snapshots: Snapshots;
  readonly recordings: RecordingFiles;
  /** All recordings and what they may take together; absent where nobody keeps a bound. */
  readonly recordingShelf?: { readonly shelf: RecordingShelf; readonly bytesMax: number };
  readonly redactor: Redactor;
  readonly agents: Agents;
  readonly toolDoor: ToolDoor;
  /** Commands that go on without us; absent where none can. */
  readonly durables?: Pick<DurableNotes, 'list' | 'forgetOldDone' | 'onChanged'>;
  /** Absent where nobody looks what servers are. */
  readonly facts?: FactsSource;
  readonly paths: Paths;
  readonly clock: Clock;
  /** Of the program, for people; the protocol has its own. */
  readonly version: string;
  readonly demo: boolean;
  readonly settings: HostSettings;
  /** The nearest ancestor of `cwd` that holds a workspace folder, absolute; null without one. */
  findWorkspace(cwd: string): string | null;
  /** Records the key as trusted; returns the sentence that says what was done. Throws OperationError when the server shows another key. */
  trustHostKey(target: Target, fingerprint: string): Promise<string>;
  /** The change between two images of a file as a unified diff; `note` says why there is none. */
  toDiff(
    path: string,
    before: FileImage,
    after: FileImage,
  ): { readonly diff: string | null; readonly note: string | null };
  /** Tells when an agent's turn runs in circles; absent where nobody counts. */
  readonly repeats?: Pick<RepeatGuard, 'beginTurn' | 'endSession' | 'onRepeated'>;
  /** Calls the operator where no screen is attached; rejects with one sentence. Absent: nobody asked for it. */
  readonly notify?: (text: string) => Promise<void>;
  /** One line for the host's own log; it must hold no secret. */
  log(line: string): void;
}

export interface HostSettings {
  /** `approvals approve` may answer without a terminal. */
  readonly allowNonInteractive: boolean;
  /** Agents that cannot be isolated are not started. */
  readonly requireIsolation: boolean;
  /** An agent of a session in which another one answers is ended after this time; 0: never. */
  readonly closeIdleAgentsAfterMs: number;
  /** Of all transcripts together; past it those of sessions that ended go, the oldest first. */
  readonly transcriptsBytesMax: number;
}
