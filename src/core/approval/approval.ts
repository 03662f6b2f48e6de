/** A waiting question, what it binds, and the answers it can get. Leaving the queue in any way but "approve" is a refusal. */
import type { Event } from '../../base/event.ts';
import type { Caller } from '../caller.ts';
import type { AskedOperation } from '../operations/table.ts';
import type { PartVerdict } from '../policy/decision.ts';
import type { Target } from '../server.ts';

export type ApprovalSubject =
  | {
      readonly kind: 'command';
      /** The words that will run; null for a line that is not simple. */
      readonly argv: readonly string[] | null;
      readonly line: string | null;
      readonly cwd: string | null;
      readonly stdin: string | null;
      /** sudo is given the password of the server's record. */
      readonly sudo?: 'password';
      /** It goes on on the server when we are gone. */
      readonly durable?: true;
      readonly parts: readonly PartVerdict[];
    }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly realPath: string;
      /** Unified diff of the file as it is on the server now; null when either side is not text. */
      readonly diff: string | null;
      readonly beforeSha256: string | null;
      /** Null: the file will be deleted. */
      readonly afterSha256: string | null;
      readonly beforeBytes: number | null;
      readonly afterBytes: number;
      /** Octal, such as "0644"; null keeps what is there. */
      readonly mode: string | null;
      readonly replace: 'atomic' | 'in-place';
      readonly inPlaceReason: string | null;
      readonly createFolders: readonly string[];
      /** Folders that were made for the file and go with it when they are empty, outermost first; absent when there are none. */
      readonly removeFolders?: readonly string[];
      readonly snapshot: 'written' | 'hash_only';
      /** How far hunks moved from the lines the patch names; empty when they did not. */
      readonly offsets: readonly string[];
      /** The whole new content as text, for the editor; null when it is not UTF-8. */
      readonly afterText: string | null;
      /** Ids of the operations that this takes back, newest first; absent when it is no rollback. */
      readonly rollsBack?: readonly string[];
    }
  | { readonly kind: 'read'; readonly path: string; readonly realPath: string };

export interface Approval {
  /** Short id, unique among the waiting: what a person types. */
  readonly id: string;
  readonly auditId: string;
  readonly tool: AskedOperation;
  readonly caller: Caller;
  readonly target: Target;
  readonly hostKey: string | null;
  readonly subject: ApprovalSubject;
  readonly rule: string;
  readonly reason: string;
  /** No rule can lift this question. */
  readonly floor: boolean;
  readonly createdAtMs: number;
  /** Null: never expires. */
  readonly expiresAtMs: number | null;
  /** "This exact command for this session" may be granted. */
  readonly sessionGrantPossible: boolean;
}

/** Who answered, as the log quotes it: `operator@screen`, `operator@cli`. */
export type Approver = `operator@${'screen' | 'cli'}`;

/** `proof`: what the door knows of whoever answered, in words for the log. */
export type ApprovalAnswer = { readonly proof?: string } & (
  | {
      readonly kind: 'approve';
      readonly approver: Approver;
      readonly grant: 'once' | 'session' /** What the person typed to confirm production. */;
      readonly confirmation?: string;
    }
  | { readonly kind: 'deny'; readonly approver: Approver; readonly reason: string | null }
  /** Another command line, or another content: judged anew, and asked again unless it only reads. */
  | { readonly kind: 'edit'; readonly approver: Approver; readonly text: string }
);

/** How a card left the queue. */
export type ApprovalEnd =
  | ApprovalAnswer
  | { readonly kind: 'expired' }
  | { readonly kind: 'withdrawn'; readonly reason: string }
  /** The gate took it back, since a changed policy says something else of it; the request goes on, or is asked about anew. */
  | { readonly kind: 'recalled'; readonly reason: string };

/** The queue as hosts and screens see it. The first answer wins; later ones learn how it ended. */
export interface Approvals {
  /** Waiting cards, oldest first. */
  list(): readonly Approval[];
  readonly onAdded: Event<Approval>;
  readonly onRemoved: Event<{ readonly approval: Approval; readonly end: ApprovalEnd }>;
  /** Throws OperationError INVALID_ARGUMENT when a production approval lacks the typed server id, or a grant is not possible. */
  answer(
    id: string,
    answer: ApprovalAnswer,
  ): { readonly accepted: true } | { readonly accepted: false; readonly late: string };
}
