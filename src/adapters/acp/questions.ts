/** Who answers what an agent asks of us in either version of the protocol, beside files and terminals. It only names them. */
import type { FormDesk } from './form-desk.ts';
import type { PermissionDesk } from './permission-desk.ts';
import type { ToolMessages } from './tool-messages.ts';

export interface Questions {
  /** Null where there is no session, and so nothing to permit. */
  readonly desk: PermissionDesk | null;
  readonly forms: FormDesk | null;
  /** Null where no tools are offered. */
  readonly messages: ToolMessages | null;
  /** The session the agent was given; null until there is one. */
  sessionId(): string | null;
}

/** Nobody: for an agent that is only asked who it is. */
export const nobody: Questions = { desk: null, forms: null, messages: null, sessionId: () => null };
