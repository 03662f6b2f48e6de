/** What a client can ask of the host: the methods of the control socket with their parameters and results. */
import type { AuditMethods } from './audit-methods.ts';
import type { LineView, ServerFactsView } from './server-facts-view.ts';
import type { SessionMethods } from './session-methods.ts';
import type { ShellMethods } from './shells.ts';
import type { VaultMethods } from './vault.ts';
import type { View } from './view.ts';

export type { AttachmentView } from './session-methods.ts';

export interface Methods extends SessionMethods, ShellMethods, AuditMethods, VaultMethods {
  /** First on every connection. A different protocol version is answered with an error that says which side to restart. */
  hello: {
    params: {
      readonly protocol: number;
      readonly version: string;
      readonly client: 'screen' | 'cli';
      readonly cwd: string;
    };
    result: {
      readonly protocol: number;
      readonly version: string;
      readonly pid: number;
      readonly workspace: string | null;
      readonly demo: boolean;
    };
  };
  /** From here on events follow, each with a sequence number one higher than the last; the snapshot has number `seq`. */
  'view.attach': { params: Record<string, never>; result: { readonly seq: number; readonly view: View } };

  /** The operator's own action through the gate. `operation.output` notifications stream its output; `cancel` ends it. */
  'operation.perform': {
    params: { readonly operation: string; readonly input: unknown };
    result: { readonly envelope: EnvelopeView };
  };
  /** Ends a command that runs, whoever asked for it: they are told that the operator stopped it. By the id of its block. */
  'operation.stop': { params: { readonly id: string }; result: Record<string, never> };
  /** Ends the request of this connection that has this id. */
  cancel: { params: { readonly request: number }; result: Record<string, never> };

  'approval.answer': {
    params: {
      readonly id: string;
      readonly answer:
        | { readonly kind: 'approve'; readonly grant: 'once' | 'session'; readonly confirmation?: string }
        | { readonly kind: 'deny'; readonly reason: string | null }
        | { readonly kind: 'edit'; readonly text: string };
      readonly via: 'screen' | 'cli';
      /** A person at a terminal read the card; the command line without one says false, and is refused unless the configuration allows it. */
      readonly interactive?: boolean;
    };
    /** `late` tells how it had ended before. */
    result: { readonly accepted: boolean; readonly late: string | null };
  };
  /** Rules that could be made of a waiting card, narrow steps first; `refusal` says why there is none. For screens only. */
  'policy.propose': {
    params: { readonly approval: string };
    result: { readonly steps: readonly RuleStepView[]; readonly refusal: string | null };
  };
  /** Saves a rule exactly as it was proposed, with a person's reason. For screens only. */
  'policy.add': {
    params: { readonly digest: string; readonly because: string };
    result: { readonly message: string };
  };
  /** What a login waits for: one answer a prompt, in their order; or that there will be none. INVALID_ARGUMENT: it waits no more. */
  'login.answer': {
    params: { readonly id: string; readonly answers: readonly string[] | null };
    result: Record<string, never>;
  };
  'openItem.acknowledge': { params: { readonly auditId: string }; result: Record<string, never> };
  /** Reads the file that the operation changed, through the gate, keeps it as the after-image and acknowledges the item. */
  /** Takes kept contents out of the snapshot store: of one file, or all that were kept before a time (ISO 8601). Recorded. */
  'snapshots.purge': {
    params: { readonly server: string; readonly path: string } | { readonly before: string };
    result: { readonly contents: number; readonly message: string };
  };
  /** Takes recordings away that were made before a time (ISO 8601), except those that are being made. Recorded. */
  'recordings.purge': {
    params: { readonly before: string };
    result: { readonly recordings: number; readonly bytes: number; readonly message: string };
  };
  'openItem.storeImage': { params: { readonly auditId: string }; result: { readonly message: string } };

  'audit.page': {
    params: {
      readonly offset: number;
      readonly limit: number;
      readonly text?: string;
      readonly server?: string;
      readonly session?: string;
      /** In the filter language of the log: `server:web-1 outcome:denied since:2h nginx`. INVALID_ARGUMENT says what is wrong with it. */
      readonly filter?: string;
    };
    result: { readonly rows: readonly AuditRowView[]; readonly total: number };
  };
  /** Every record of one operation, as stored, and the diff when it changed a file. */
  'audit.detail': {
    params: { readonly id: string };
    result: {
      readonly records: readonly Readonly<Record<string, unknown>>[];
      readonly diff: string | null;
      readonly diffNote: string | null;
    };
  };
  /** The recording of a command's output, a page at a time: `offset` is 0, then what `next` said. */
  'audit.recording': {
    params: { readonly id: string; readonly offset: number };
    result: {
      /** On the first page. */
      readonly header: { readonly columns: number; readonly rows: number; readonly title: string } | null;
      /** Whether the file has the hash that the log names, told on the first page; before the end of a command there is none. */
      readonly registered: 'same' | 'other' | 'no end yet';
      readonly events: readonly { readonly atSeconds: number; readonly text: string }[];
      readonly next: number | null;
      /** Of a durable command, told on the first page: the operations that followed it later, whose recordings go on where this one ends. */
      readonly followedBy?: readonly string[];
    };
  };
  /** What a rollback would do now. Each step is then an `operation.perform` of `rollback_file`, with a card of its own. */
  'rollback.preview': {
    params:
      | { readonly id: string }
      /** With `to`, only what came after that operation. */
      | { readonly session: string; readonly to?: string }
      /** What the session changed of one file. */
      | { readonly session: string; readonly server: string; readonly path: string };
    result: RollbackPreviewView;
  };
  /** Every file that a session changed. `look`: from the log alone, or with a look at each file on its server. */
  'session.changes': {
    params: { readonly session: string; readonly look: 'log' | 'server' };
    result: { readonly files: readonly ChangedFileView[] };
  };
  'audit.verify': { params: Record<string, never>; result: { readonly ok: boolean; readonly message: string } };

  'server.test': {
    params: { readonly server: string };
    result: { readonly steps: readonly TestStepView[] };
  };
  /** What the server is, gathered within the last hour; with `refresh`, now. */
  'server.facts': {
    params: { readonly server: string; readonly refresh: boolean };
    result: { readonly facts: ServerFactsView };
  };
  /** What is known of it without asking it; nulls for nothing. */
  'server.known': {
    params: { readonly server: string };
    result: { readonly facts: ServerFactsView | null; readonly line: LineView | null };
  };
  /** What a lost connection interrupted there is tried again now, not after its pause. */
  'server.retry': { params: { readonly server: string }; result: Record<string, never> };
  'server.trustKey': {
    params: { readonly server: string; readonly fingerprint: string };
    result: { readonly message: string };
  };
  'servers.reload': { params: Record<string, never>; result: Record<string, never> };
  /** Reads agents.json again, after a command changed it or installed a program. */
  'agents.reload': { params: Record<string, never>; result: Record<string, never> };
  'agent.probe': { params: { readonly agent: string }; result: Record<string, never> };
  'host.stop': { params: Record<string, never>; result: Record<string, never> };
}

export type MethodName = keyof Methods;
export type Params<Name extends MethodName> = Methods[Name]['params'];
export type Result<Name extends MethodName> = Methods[Name]['result'];

/** The result envelope of the gate on the wire; the screen shows it, `--json` prints it. */
export interface EnvelopeView {
  readonly status: 'ok' | 'partial_failure' | 'error';
  readonly tool: string;
  readonly server?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly code?: string;
  readonly message?: string;
  readonly execution: Readonly<Record<string, unknown>> & {
    readonly durationMs: number;
    readonly exitCode?: number;
    readonly outcomeUnknown?: boolean;
    readonly goesOn?: boolean;
  };
  readonly audit: { readonly id: string; readonly logWritten: boolean; readonly snapshotStatus: string };
  readonly policy: { readonly decision: string; readonly rule: string };
  readonly editedByOperator?: boolean;
  readonly ran?: string;
}

/** One step of testing a server. */
export interface TestStepView {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** How long it took, in milliseconds; absent or null where that means nothing. */
  readonly ms?: number | null;
  /** What else was seen, a line each; foreign text, as the detail. */
  readonly notes?: readonly string[];
}

export interface RollbackPreviewView {
  readonly steps: readonly {
    readonly server: string;
    readonly path: string;
    /** Newest first. */
    readonly ids: readonly string[];
    readonly effect: 'restore' | 'delete';
    readonly diff: string | null;
    readonly note: string | null;
  }[];
  /** Why nothing older than the steps can be taken back. */
  readonly stop: { readonly id: string; readonly code: string; readonly message: string } | null;
}

export interface ChangedFileView {
  readonly server: string;
  readonly path: string;
  readonly agents: readonly string[];
  /** Newest first. */
  readonly ids: readonly string[];
  readonly rolledBackIds: readonly string[];
  readonly effect: 'created' | 'changed';
  /** ISO 8601 time of the newest change. */
  readonly changedAt: string;
  readonly state: string;
  readonly diff: string | null;
  readonly note: string | null;
}

/** One rule on offer. */
export interface RuleStepView {
  /** Names it in `policy.add`. */
  readonly digest: string;
  /** What it would do, without a full stop. */
  readonly words: string;
  readonly decision: 'auto-allow' | 'approval-required' | 'reject';
  /** The rule as it would be saved, but for the reason. */
  readonly text: string;
  /** What it would have decided in the past: of so many commands of the same name, so many; of those, so many were denied. */
  readonly replay: {
    readonly actions: number;
    readonly matched: number;
    readonly denied: number;
    /** Redacted in the log, so nobody can tell. */
    readonly unknown: number;
    /** Older actions than these were not looked at. */
    readonly actionsMax: number;
  };
}

export interface AuditRowView {
  readonly id: string;
  readonly seq: number;
  readonly ts: string;
  readonly session: string | null;
  readonly agent: string | null;
  readonly origin: string;
  readonly tool: string;
  readonly server: string | null;
  readonly summary: string;
  readonly decision: string;
  readonly rule: string;
  readonly approver: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  readonly commit: string | null;
  readonly acknowledged: boolean;
}
