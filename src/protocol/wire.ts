/** The frames on the control socket: one JSON object a line, in both directions. */
import type { HostEvent } from './events.ts';
import type { ShellFrame } from './shells.ts';

/** Client → host. */
export interface RequestFrame {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

/** Host → client. */
export type HostFrame =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly code: string; readonly message: string; readonly data?: unknown };
    }
  | { readonly seq: number; readonly event: HostEvent }
  /** Output of the client's own `operation.perform`; bytes as base64. */
  | { readonly request: number; readonly stream: 'stdout' | 'stderr'; readonly bytes: string }
  /** What the shell of the client's own `shell.attach` prints. */
  | { readonly request: number; readonly shell: ShellFrame }
  /** The client's own operation waits for an answer, or runs on. */
  | {
      readonly request: number;
      readonly progress: {
        readonly state: 'waiting' | 'running';
        readonly approvalId: string | null;
        readonly elapsedMs: number;
        readonly message: string;
      };
    };
