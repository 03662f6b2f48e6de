/** What a screen shows, as data: the whole state a client mirrors. Plain JSON; the host is the only one who changes it. */

export type EnvironmentWord = 'production' | 'staging' | 'development';
/** `no agent`: it is starting, or never did. */
export type IsolationWord = 'isolated' | 'isolated, host network' | 'tools off' | 'NOT CONTAINED' | 'no agent';

export interface View {
  readonly host: HostView;
  readonly servers: Readonly<Record<string, ServerView>>;
  readonly sessions: Readonly<Record<string, SessionView>>;
  /** One pane a server that has shown activity, by server id. */
  readonly panes: Readonly<Record<string, PaneView>>;
  /** Waiting cards, oldest first. */
  readonly approvals: readonly CardView[];
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
}

export type SessionState = 'starting' | 'idle' | 'working' | 'waiting for you' | 'failed' | 'ended';

export interface SessionView {
  readonly id: string;
  readonly title: string;
  readonly agent: string;
  readonly agentVersion: string | null;
  readonly origin: 'agent' | 'external';
  readonly servers: readonly string[];
  readonly state: SessionState;
  /** Why it failed or ended; null otherwise. */
  readonly problem: string | null;
  readonly isolation: { readonly state: IsolationWord; readonly reason: string };
  readonly createdAtMs: number;
  readonly workspace: string | null;
  readonly items: readonly ConversationItem[];
  readonly plan: readonly { readonly text: string; readonly status: 'pending' | 'in_progress' | 'completed' }[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly modes: readonly { readonly id: string; readonly name: string }[];
  readonly currentMode: string | null;
  readonly usage: { readonly used: number; readonly size: number; readonly cost: string | null } | null;
  /** Prompts typed while the agent works; sent in order. */
  readonly queuedPrompts: readonly string[];
  /** Questions about the agent's own local tools. */
  readonly localCards: readonly LocalCardView[];
  /** How the last turn ended; absent before the first has. */
  readonly lastTurn?: TurnView;
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
}

export type ConversationItem =
  | {
      readonly id: number;
      readonly kind: 'user' | 'agent' | 'thought' | 'notice';
      readonly text: string;
      readonly atMs: number;
    }
  | {
      readonly id: number;
      readonly kind: 'tool';
      readonly toolCallId: string;
      readonly title: string;
      readonly toolKind: string;
      readonly status: 'pending' | 'in_progress' | 'completed' | 'failed';
      readonly detail: string;
      readonly atMs: number;
    };

export interface PaneView {
  readonly server: string;
  readonly blocks: readonly BlockView[];
}

/** One command or file operation in a pane. `text` is raw remote output: it reaches a terminal only through an emulator. */
export interface BlockView {
  readonly id: string;
  readonly session: string | null;
  readonly who: string;
  readonly tool: string;
  readonly summary: string;
  readonly cwd: string | null;
  readonly state: 'waiting' | 'running' | 'ended';
  readonly approvalId: string | null;
  readonly text: string;
  /** Bytes dropped from the front of `text`, or never sent because this screen lagged. */
  readonly skippedBytes: number;
  readonly startedAtMs: number;
  readonly durationMs: number | null;
  readonly status: 'ok' | 'partial_failure' | 'error' | null;
  readonly code: string | null;
  readonly exitCode: number | null;
  readonly message: string | null;
}

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
