/** Agents as the host sees them: a catalogue, a link to a running one, and what it tells us. The protocol they speak is an adapter's business. */

import type { Event } from '../base/event.ts';
import type { AskedTool } from './asked-tool.ts';
import type { IsolationVerdict } from './ports.ts';
import type { StderrSource } from './stderr-line.ts';

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
  /** Absent when the agent gave none that is known. */
  readonly priority?: 'high' | 'medium' | 'low';
}

/** A change as the agent tells it; what was really done, the log has. */
export interface ToolCallDiff {
  readonly path: string;
  /** Null for a new file. */
  readonly before: string | null;
  readonly after: string;
}

/** A terminal that a tool call shows. */
export interface ToolCallTerminal {
  readonly id: string;
  /** Null for a terminal that is the agent's own. */
  readonly server: string | null;
  /** The gate's id of its command: a block of the server's pane, a record of the log; null while nothing runs, and as above. */
  readonly operation: string | null;
}

/** What an agent says while it works. Text is the agent's own: untrusted, shown through the escaper. */
export type AgentUpdate =
  /** Chunks with another `messageId` than the last begin a new message; without one, whatever follows continues it. */
  | { readonly kind: 'message'; readonly text: string; readonly messageId?: string }
  | { readonly kind: 'thought'; readonly text: string; readonly messageId?: string }
  | { readonly kind: 'user-echo'; readonly text: string }
  /** An upsert by `id`; absent fields keep their value. */
  | {
      readonly kind: 'tool-call';
      readonly id: string;
      readonly title?: string;
      readonly toolKind?: string;
      readonly status?: ToolCallStatus;
      readonly detail?: string;
      readonly diffs?: readonly ToolCallDiff[];
      readonly terminals?: readonly ToolCallTerminal[];
      /** Files it works on, with the line where there is one. */
      readonly locations?: readonly { readonly path: string; readonly line: number | null }[];
      /** Of a call of one of our own tools. */
      readonly asked?: AskedTool;
    }
  | { readonly kind: 'plan'; readonly entries: readonly PlanEntry[] }
  | {
      readonly kind: 'commands';
      /** `hint`: what may follow the name; absent for a command that takes nothing more. */
      readonly commands: readonly { readonly name: string; readonly description: string; readonly hint?: string }[];
    }
  | { readonly kind: 'mode'; readonly modeId: string }
  | {
      readonly kind: 'modes';
      readonly modes: readonly { readonly id: string; readonly name: string }[];
      readonly current: string;
    }
  /** All options of the session, models among them, each with its present value. */
  | { readonly kind: 'options'; readonly options: readonly AgentOption[] }
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'usage'; readonly used: number; readonly size: number; readonly cost: string | null }
  /** `level` is absent for what is merely said. */
  | { readonly kind: 'notice'; readonly text: string; readonly level?: 'warn' | 'error' };

/** The agent's own question about an action of its own; our approval is another thing. Asked only for what does not pass our gate. */
export interface LocalPermissionRequest {
  readonly id: string;
  readonly toolCallId: string;
  readonly title: string;
  readonly detail: string;
  /** The profile says that this tool should not exist: refused by default. */
  readonly unexpected: boolean;
}

/** A way to log in that an agent offers. */
export interface AgentLogin {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** `agent`: it does the rest by itself when asked; `terminal`: its own program is run on a person's terminal. */
  readonly kind: 'agent' | 'terminal';
  /** For `terminal`: they follow the command that it is started with. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What an agent said that it can do. Nothing is assumed: absent means no. */
export interface AgentAbilities {
  readonly images: boolean;
  readonly embeddedFiles: boolean;
  /** Continue a session without repeating it. */
  readonly resume: boolean;
  /** Continue a session and repeat all that was said. */
  readonly load: boolean;
  readonly list: boolean;
  readonly close: boolean;
  readonly delete: boolean;
  readonly logins: readonly AgentLogin[];
  readonly logout: boolean;
}

/** Something of its own that an agent lets its user choose: a model, a way of thinking. */
export interface AgentOption {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** `model`, `mode`, `thought_level` or a word of the agent's own. */
  readonly category: string | null;
  readonly value: string | boolean;
  /** Null for one that is on or off. */
  readonly choices:
    | readonly {
        readonly value: string;
        readonly name: string;
        readonly description: string | null;
        readonly group: string | null;
      }[]
    | null;
}

/** What is sent along with the text of a prompt. */
export type PromptAttachment =
  | { readonly kind: 'file'; readonly name: string; readonly mediaType: string; readonly text: string }
  | { readonly kind: 'image'; readonly name: string; readonly mediaType: string; readonly base64: string };

export type FormValue = string | number | boolean | readonly string[];

export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly required: boolean;
  readonly kind: 'text' | 'number' | 'integer' | 'switch' | 'choice' | 'choices';
  /** Empty for kinds without choices. */
  readonly choices: readonly { readonly value: string; readonly title: string }[];
  readonly initial: FormValue | null;
  /** What may be typed, in words ("at least 3 characters"); null when anything may. */
  readonly hint: string | null;
}

/** A question of the agent's to its user (elicitation). It is about the agent, never about a server. */
export interface AgentForm {
  readonly id: string;
  readonly message: string;
  /** A page that the person is asked to open instead of filling in fields; null for a form. */
  readonly url: string | null;
  readonly fields: readonly FormField[];
}

export type FormAnswer =
  | { readonly action: 'accept'; readonly values: Readonly<Record<string, FormValue>> }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' };

/** How a session of ours continues one of the agent's: `new`, it remembers nothing. */
export type Continuity = 'new' | 'resumed' | 'loaded';

/** One running agent with one session of its protocol. */
export interface AgentLink extends StderrSource {
  readonly verdict: IsolationVerdict;
  /** What the person has set up for this agent and it does not see, one sentence; absent for nothing. */
  readonly advice?: string | null;
  readonly agentName: string;
  readonly agentVersion: string | null;
  readonly abilities: AgentAbilities;
  /** The agent's own id of its session: what `continueFrom` takes after it was started again. */
  readonly agentSession: string;
  readonly continuity: Continuity;
  readonly onUpdate: Event<AgentUpdate>;
  /** Answer with `answerLocal`. */
  readonly onLocalPermission: Event<LocalPermissionRequest>;
  /** Answer with `answerForm`. */
  readonly onForm: Event<AgentForm>;
  /** The agent does not ask any more (its turn is over, or the page it named was completed). */
  readonly onFormWithdrawn: Event<string>;
  /** Fires once: the process is gone, with the reason (exit status, signal, protocol error, tail of stderr). */
  readonly onExit: Event<{ readonly reason: string; readonly expected: boolean }>;
  /** One turn. Rejects with OperationError when the agent fails or dies, or does not take such an attachment (UNSUPPORTED). */
  prompt(text: string, attachments?: readonly PromptAttachment[]): Promise<StopReason>;
  /** Ends the turn: waiting permissions are answered with `cancelled`, what runs for it is cancelled. */
  cancel(): Promise<void>;
  setMode(modeId: string): Promise<void>;
  /** Rejects with OperationError when the agent does. */
  setOption(id: string, value: string | boolean): Promise<void>;
  answerLocal(id: string, allow: boolean): void;
  answerForm(id: string, answer: FormAnswer): void;
  /** Ends the whole process group: EOF, TERM, KILL. */
  dispose(): Promise<void>;
}

/** An address of 127.0.0.1 that opens with `toolToken` as its bearer. */
export interface ToolEndpoint {
  readonly url: string;
  readonly port: number;
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
  /** The same door over http, for an agent that takes nothing else: opened when it is called, and closed with the socket. */
  readonly openToolEndpoint?: () => Promise<ToolEndpoint>;
  readonly requireIsolation: boolean;
  /** The agent's own id of the session to go on with, as `agentSession` told it; the link says whether it could. */
  readonly continueFrom?: string;
  /** Nobody wants it any more: what was started ends, and the start fails. Without effect once it runs. */
  readonly signal?: AbortSignal;
  /** Nothing but reads can run for this session, whichever door it uses. */
  readonly readonly?: boolean;
}

/** A session that an agent keeps by itself. */
export interface AgentSessionInfo {
  readonly id: string;
  readonly cwd: string;
  readonly title: string | null;
  /** ISO 8601, as the agent says. */
  readonly updatedAt: string | null;
}

/** What a person sees and answers while an agent logs itself in. */
export interface LoginHooks {
  /** It runs, and so well contained. */
  onVerdict?(verdict: IsolationVerdict): void;
  /** Without it every question of the agent is answered with `cancel`. */
  onForm?(form: AgentForm): Promise<FormAnswer>;
  /** The agent does not ask any more: the page it named was completed, or it gave up. */
  onFormWithdrawn?(form: string): void;
  /** A line that it wrote to stderr, redacted: often the address of a page. */
  onWords?(line: string): void;
  /** Nobody waits for the login any more. */
  readonly signal?: AbortSignal;
}

/** A program to run on a person's terminal, contained like the agent itself. It exits with 0 when the login worked. */
export interface TerminalLogin {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly verdict: IsolationVerdict;
}

/** How agents know who pays for them, and what they remember. Each call runs the agent for itself, and rejects with OperationError. */
export interface AgentAccounts {
  /** The ways to log in that an agent offers, and whether it can log out. */
  logins(id: string): Promise<{ readonly logins: readonly AgentLogin[]; readonly logout: boolean }>;
  /** A login of kind `agent`; UNSUPPORTED for one that needs a terminal. */
  login(id: string, methodId: string, hooks?: LoginHooks): Promise<void>;
  /** A login of kind `terminal`: `run` runs the agent's program as the method says, and resolves with its status; its folder is gone afterwards. */
  terminalLogin(id: string, methodId: string, run: (login: TerminalLogin) => Promise<number>): Promise<number>;
  /** UNSUPPORTED when the agent does not offer it. */
  logout(id: string): Promise<void>;
  /** What the agent keeps of earlier sessions, the newest first as it tells them; UNSUPPORTED when it does not tell. */
  sessions(id: string): Promise<readonly AgentSessionInfo[]>;
  deleteSession(id: string, session: string): Promise<void>;
}

export interface Agents extends Partial<AgentAccounts> {
  list(): Promise<readonly AgentEntry[]>;
  /** What is wrong with the configuration of agents, one sentence each; shown to the operator. */
  warnings?(): Promise<readonly string[]>;
  /** Spawns, initializes and asks for the version; the process is ended again. */
  probe(id: string): Promise<AgentEntry>;
  /** Rejects with OperationError when it cannot start; nothing is left running then. */
  start(options: AgentStart): Promise<AgentLink>;
}
