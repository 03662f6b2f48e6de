/** What a screen shows, as data: the whole state a client mirrors. Plain JSON; the host is the only one who changes it. */

import type { FormView, OptionView } from './agent-questions-view.ts';
import type { DurableView } from './durable-view.ts';
import type { LoginView } from './login-view.ts';
import type { PaneView } from './pane-view.ts';
import type { LineView } from './server-facts-view.ts';
import type { ShellView } from './shells.ts';

export type { FormValueView, FormView, OptionView } from './agent-questions-view.ts';

export type { DurableView } from './durable-view.ts';
export type { LoginView } from './login-view.ts';

export type { BlockView, PaneView, RanCommandView } from './pane-view.ts';

export type { ShellView } from './shells.ts';

export type EnvironmentWord = 'production' | 'staging' | 'development';
/** `not running`: the agent is starting, rests, or never started, so there is nothing to contain. */
export type IsolationWord = 'isolated' | 'isolated, host network' | 'tools off' | 'NOT CONTAINED' | 'not running';

export interface View {
  readonly host: HostView;
  readonly servers: Readonly<Record<string, ServerView>>;
  readonly sessions: Readonly<Record<string, SessionView>>;
  /** One pane a server that has shown activity, by server id. */
  readonly panes: Readonly<Record<string, PaneView>>;
  /** Interactive shells of the operator, by id, in the order in which they were opened. */
  readonly shells: Readonly<Record<string, ShellView>>;
  /** Waiting cards, oldest first. */
  readonly approvals: readonly CardView[];
  /** Logins that wait for what only a person knows, oldest first. */
  readonly logins: readonly LoginView[];
  /** Commands that go on without us and are not read to their end, oldest first. */
  readonly durables: readonly DurableView[];
  /** Unknown outcomes and partial failures until someone acknowledges them, oldest first. */
  readonly openItems: readonly OpenItemView[];
  readonly agents: readonly AgentView[];
  /** Rows in the audit log; a growing number tells the browser to look again. */
  readonly auditRows: number;
  /** Warnings about configuration, newest last. */
  readonly notices: readonly NoticeView[];
}

export interface HostView {
  readonly pid: number;
  readonly version: string;
  readonly startedAtMs: number;
  readonly demo: boolean;
}

export interface ServerView {
  readonly id: string;
  readonly address: string;
  /** The jump hosts on the way, the nearest to us first; absent when it is reached directly. */
  readonly through?: readonly string[];
  /** The command of this machine that is the line to it; absent when there is none. Foreign text. */
  readonly proxyCommand?: { readonly text: string; readonly isAllowed: boolean };
  readonly environment: EnvironmentWord;
  readonly environmentAssumed: boolean;
  readonly labels: readonly string[];
  readonly groups: readonly string[];
  readonly readonly: boolean;
  readonly scope: 'global' | 'workspace';
  readonly shadowsGlobal: boolean;
  readonly state: 'idle' | 'connecting' | 'connected' | 'lost' | 'failed' | 'broken';
  readonly latencyMs: number | null;
  readonly hostKey: string | null;
  readonly problem: string | null;
  /** What its connections have shown; absent before the first. */
  readonly line?: LineView;
  /** When something that its lost connection interrupted is tried again, as the host's clock tells; past: it is being tried. Null or absent: nothing is. */
  readonly retryAtMs?: number | null;
}

/**
 * `resting`: its agent does not run and starts with the next prompt; `restarting`: it died and is started again by itself; `failed`:
 * it could not be started, and a prompt tries once more.
 */
export type SessionState =
  | 'starting'
  | 'idle'
  | 'working'
  | 'waiting for you'
  | 'resting'
  | 'restarting'
  | 'failed'
  | 'ended';

export interface SessionView {
  readonly id: string;
  readonly title: string;
  /** The one that answers. */
  readonly agent: string;
  /** All that were in the session; one that runs beside the one that answers can be gone back to at once, by its command if it has one. */
  readonly agents: readonly {
    readonly id: string;
    readonly isRunning: boolean;
    readonly command?: readonly string[];
    /** The last lines that it wrote to stderr since it was started, redacted; absent for none. */
    readonly stderr?: readonly StderrLineView[];
  }[];
  readonly agentVersion: string | null;
  /** Whether images can go with a prompt; null or absent while no agent has said so. */
  readonly takesImages?: boolean | null;
  readonly origin: 'agent' | 'external';
  readonly servers: readonly string[];
  /** Out of `servers` until a person confirms them, since their records are not those that were meant; absent for none. */
  readonly changedServers?: readonly ChangedServerView[];
  /** Set for a session in which nothing but reads can run. */
  readonly readonly?: true;
  readonly state: SessionState;
  /** Why it failed or ended; null otherwise. */
  readonly problem: string | null;
  /** When a session that is `restarting` starts its agent by itself, as the host's clock tells; null or absent otherwise. */
  readonly restartAtMs?: number | null;
  readonly isolation: { readonly state: IsolationWord; readonly reason: string };
  readonly createdAtMs: number;
  readonly workspace: string | null;
  readonly items: readonly ConversationItem[];
  readonly plan: readonly {
    readonly text: string;
    readonly status: 'pending' | 'in_progress' | 'completed';
    readonly priority?: 'high' | 'medium' | 'low';
  }[];
  /** `hint`: what the command wants to be told after its name. */
  readonly commands: readonly { readonly name: string; readonly description: string; readonly hint?: string }[];
  readonly modes: readonly { readonly id: string; readonly name: string }[];
  readonly currentMode: string | null;
  /** What the agent lets its user choose: models are among them. */
  readonly options: readonly OptionView[];
  readonly usage: { readonly used: number; readonly size: number; readonly cost: string | null } | null;
  /** Prompts typed while the agent works; sent in order. */
  readonly queuedPrompts: readonly string[];
  /** Prompts that an earlier host did not send, redacted; only whole ones can be sent as they are. Absent for none. */
  readonly heldPrompts?: readonly { readonly text: string; readonly isWhole: boolean }[];
  /** Questions about the agent's own local tools. */
  readonly localCards: readonly LocalCardView[];
  /** Questions of the agent about itself, to be filled in. */
  readonly forms: readonly FormView[];
  /** Id of the last item that some screen has shown; absent before any was. `countUnread` tells how many came after it. */
  readonly seenItem?: number;
  /** How the last turn ended; absent before the first has. */
  readonly lastTurn?: TurnView;
}

export interface StderrLineView {
  readonly text: string;
  readonly atMs: number;
}

/** Addresses as `user@host:port`. */
export interface ChangedServerView {
  readonly id: string;
  readonly was: string;
  readonly now: string;
}

export interface TurnView {
  /** 1 for the first turn of the session. */
  readonly number: number;
  readonly stop: 'end_turn' | 'max_tokens' | 'max_turn_requests' | 'refusal' | 'cancelled' | 'failed';
  /** Why it failed; null otherwise. */
  readonly problem: string | null;
}

export interface LocalCardView {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly unexpected: boolean;
  /** When the agent asked; absent where nobody knows. */
  readonly askedAtMs?: number;
}

export type ConversationItem =
  | {
      readonly id: number;
      readonly kind: 'user' | 'agent' | 'thought' | 'notice';
      readonly text: string;
      readonly atMs: number;
      /** Of a notice that is more than a remark. */
      readonly level?: 'warn' | 'error';
    }
  | {
      readonly id: number;
      readonly kind: 'tool';
      readonly toolCallId: string;
      readonly title: string;
      readonly toolKind: string;
      readonly status: 'pending' | 'in_progress' | 'completed' | 'failed';
      /** Of one that failed: it was open when the operator cancelled the turn. */
      readonly isCancelled?: true;
      readonly detail: string;
      readonly atMs: number;
      /** What the agent says that it changes; what was done, the log has. `diff` is null when it is too much to be shown. */
      readonly diffs?: readonly { readonly path: string; readonly diff: string | null }[];
      /** `operation` is a block in the server's pane and a record of the log; null, and no server, for a terminal of the agent's own. */
      readonly terminals?: readonly {
        readonly id: string;
        readonly server: string | null;
        readonly operation: string | null;
      }[];
      /** Files that it works on. */
      readonly locations?: readonly { readonly path: string; readonly line: number | null }[];
      /** Of a call of one of our tools: what it asks for in one line, as the agent says. */
      readonly asked?: { readonly tool: string; readonly server: string | null; readonly summary: string };
    };

/** Everything a person must see before answering; foreign text is unescaped here and escaped by protocol/card. */
export interface CardView {
  readonly id: string;
  readonly auditId: string;
  readonly tool: string;
  readonly session: string | null;
  /** Who asks: agent and session title, or the operator. */
  readonly who: string;
  readonly isolation: IsolationWord | null;
  readonly server: {
    readonly id: string;
    readonly address: string;
    readonly environment: EnvironmentWord;
    readonly environmentAssumed: boolean;
    /** A record of the workspace, which hides a global one of the same id; absent: it hides none. */
    readonly shadowsGlobal?: true;
  };
  readonly hostKey: string | null;
  readonly rule: string;
  readonly reason: string;
  readonly floor: boolean;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly sessionGrantPossible: boolean;
  readonly subject: CardSubject;
}

export type CardSubject =
  | {
      readonly kind: 'command';
      readonly argv: readonly string[] | null;
      readonly line: string | null;
      readonly cwd: string | null;
      readonly stdin: string | null;
      /** sudo is given the password of the server's record. */
      readonly sudo?: 'password';
      /** It goes on on the server when we are gone. */
      readonly durable?: true;
      readonly parts: readonly { readonly text: string; readonly outcome: string; readonly reason: string }[];
    }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly realPath: string;
      readonly diff: string | null;
      readonly beforeSha256: string | null;
      readonly afterSha256: string | null;
      readonly beforeBytes: number | null;
      readonly afterBytes: number;
      readonly mode: string | null;
      readonly replace: 'atomic' | 'in-place';
      readonly inPlaceReason: string | null;
      readonly createFolders: readonly string[];
      readonly removeFolders?: readonly string[];
      readonly snapshot: 'written' | 'hash_only';
      readonly offsets: readonly string[];
      readonly afterText: string | null;
      /** Ids of the operations that this takes back, newest first. */
      readonly rollsBack?: readonly string[];
    }
  | { readonly kind: 'read'; readonly path: string; readonly realPath: string };

export interface OpenItemView {
  readonly auditId: string;
  readonly kind: 'unknown-outcome' | 'never-ran' | 'partial_failure';
  readonly server: string | null;
  readonly summary: string;
  readonly message: string;
  readonly atMs: number;
}

export interface AgentView {
  readonly id: string;
  readonly label: string;
  readonly command: readonly string[];
  readonly availability: string;
  readonly diagnostic: string;
  readonly installHint: string;
  readonly version: string | null;
  readonly origin: string;
}

export interface NoticeView {
  readonly id: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly atMs: number;
}
