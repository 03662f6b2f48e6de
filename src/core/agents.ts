/** Agents as the host sees them: a catalogue, a link to a running one, and what it tells us. The protocol they speak is an adapter's business. */
import type { Event } from '../base/event.ts';
import type { IsolationVerdict } from './ports.ts';

export type AgentAvailability = 'ready' | 'disabled' | 'not installed' | 'needs login' | 'error' | 'probing';

export interface AgentEntry {
  readonly id: string;
  readonly label: string;
  /** Program and arguments as configured, for display. */
  readonly command: readonly string[];
  readonly installHint: string;
  readonly availability: AgentAvailability;
  /** One sentence a person can act on. */
  readonly diagnostic: string;
  readonly version: string | null;
  readonly origin: 'built-in' | 'agents.json' | 'command line';
}

export type StopReason = 'end_turn' | 'max_tokens' | 'max_turn_requests' | 'refusal' | 'cancelled';

export type ToolCallStatus = 'pending' | 'in_progress' | 'completed' | 'failed';

export interface PlanEntry {
  readonly text: string;
  readonly status: 'pending' | 'in_progress' | 'completed';
}

/** What an agent says while it works. Text is the agent's own: untrusted, shown through the escaper. */
export type AgentUpdate =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | { readonly kind: 'user-echo'; readonly text: string }
  /** An upsert by `id`; absent fields keep their value. */
  | {
      readonly kind: 'tool-call';
      readonly id: string;
      readonly title?: string;
      readonly toolKind?: string;
      readonly status?: ToolCallStatus;
      readonly detail?: string;
      readonly diff?: { readonly path: string; readonly before: string | null; readonly after: string };
    }
  | { readonly kind: 'plan'; readonly entries: readonly PlanEntry[] }
  | { readonly kind: 'commands'; readonly commands: readonly { readonly name: string; readonly description: string }[] }
  | { readonly kind: 'mode'; readonly modeId: string }
  | {
      readonly kind: 'modes';
      readonly modes: readonly { readonly id: string; readonly name: string }[];
      readonly current: string;
    }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'usage'; readonly used: number; readonly size: number; readonly cost: string | null }
  | { readonly kind: 'notice'; readonly text: string };

/** The agent's own question about an action of its own; our approval is another thing. Asked only for what does not pass our gate. */
export interface LocalPermissionRequest {
  readonly id: string;
  readonly toolCallId: string;
  readonly title: string;
  readonly detail: string;
  /** The profile says that this tool should not exist: refused by default. */
  readonly unexpected: boolean;
}

/** One running agent with one session of its protocol. */
export interface AgentLink {
  readonly verdict: IsolationVerdict;
  readonly agentName: string;
  readonly agentVersion: string | null;
  readonly onUpdate: Event<AgentUpdate>;
  /** Answer with `answerLocal`. */
  readonly onLocalPermission: Event<LocalPermissionRequest>;
  /** Fires once: the process is gone, with the reason (exit status, signal, protocol error, tail of stderr). */
  readonly onExit: Event<{ readonly reason: string; readonly expected: boolean }>;
  /** One turn. Rejects with OperationError when the agent fails or dies. */
  prompt(text: string): Promise<StopReason>;
  /** Ends the turn: waiting permissions are answered with `cancelled`, what runs for it is cancelled. */
  cancel(): Promise<void>;
  setMode(modeId: string): Promise<void>;
  answerLocal(id: string, allow: boolean): void;
  /** Ends the whole process group: EOF, TERM, KILL. */
  dispose(): Promise<void>;
}

export interface AgentStart {
  readonly session: string;
  /** Catalogue id, or a command given after `--`. */
  readonly agent: { readonly id: string } | { readonly command: readonly string[] };
  readonly servers: readonly string[];
  readonly workspace: string | null;
  /** The session's local folder: `data/work/<session>`. */
  readonly workFolder: string;
  /** Socket and token of the one door this agent has. */
  readonly toolSocket: string;
  readonly toolToken: string;
  readonly requireIsolation: boolean;
  /** Nothing but reads can run for this session, whichever door it uses. */
  readonly readonly?: boolean;
}

export interface Agents {
  list(): Promise<readonly AgentEntry[]>;
  /** What is wrong with the configuration of agents, one sentence each; shown to the operator. */
  warnings?(): Promise<readonly string[]>;
  /** Spawns, initializes and asks for the version; the process is ended again. */
  probe(id: string): Promise<AgentEntry>;
  /** Rejects with OperationError when it cannot start; nothing is left running then. */
  start(options: AgentStart): Promise<AgentLink>;
}
