/** Reads `config.json`: what the operator decided about approvals and isolation. A missing file is all defaults; a wrong one is an error, never a guess. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { OperationError } from '../core/codes.ts';
import { toConfigProblem } from '../core/config-problem.ts';
import { limits } from '../core/limits.ts';
import type { NetworkChoice } from '../core/ports.ts';
import { readConfigFile } from './config-file.ts';

export const settingsSchema = z.strictObject({
  approvals: z
    .strictObject({
      /** Minutes until a card nobody answered is refused; "never" keeps it waiting. */
      expireAfterMinutes: z.union([z.number().positive().max(10_080), z.literal('never')]).optional(),
      /** `approvals approve` may answer without a terminal. */
      allowNonInteractive: z.boolean().optional(),
    })
    .optional(),
  secrets: z
    .strictObject({
      /** Minutes that a passphrase which was typed is kept in memory after its last use; 0: it is asked for each time. */
      keepPassphrasesMinutes: z.number().nonnegative().max(10_080).optional(),
      /** Minutes after its last use in which the vault is locked again; 0, the default: when the host ends. */
      lockVaultAfterMinutes: z.number().nonnegative().max(10_080).optional(),
    })
    .optional(),
  /** The network of isolated agents whose own entry names none; default "auto": its own where that works, else this machine's. */
  network: z.enum(['auto', 'own', 'host', 'none']).optional(),
  /** Agents that cannot be isolated are not started. */
  requireIsolation: z.boolean().optional(),
  agents: z
    .strictObject({
      /** Minutes after which an agent is ended that does not answer in its session at present; 0: never. */
      closeIdleAfterMinutes: z.number().nonnegative().max(10_080).optional(),
    })
    .optional(),
  audit: z
    .strictObject({
      /** A file elsewhere that gets every checkpoint of the audit log too, best on another machine's disk. */
      secondPlace: z.string().max(4_096).refine(isAbsolute, 'must be an absolute path').optional(),
    })
    .optional(),
  sessions: z
    .strictObject({
      /** GiB that all transcripts together may take; past it the oldest of sessions that have ended go first. */
      totalGiB: z.number().positive().max(1_048_576).optional(),
    })
    .optional(),
  recordings: z
    .strictObject({
      /** GiB that all recordings together may take; past it the oldest of sessions that have ended go first. */
      totalGiB: z.number().positive().max(1_048_576).optional(),
    })
    .optional(),
  /** How the operator is called when something waits. */
  notify: z
    .strictObject({
      /** Run by the host, without a shell: the text is its standard input, and takes the place of an argument "{text}". */
      command: z.array(z.string().min(1).max(4_096)).min(1).max(64).optional(),
      /** The terminal's bell; default true. */
      bell: z.boolean().optional(),
      /** Notifications of the terminal: false, true for the form it seems to know, or a form. */
      osc: z.union([z.boolean(), z.enum(['9', '777', '99'])]).optional(),
    })
    .optional(),
  /** Read by the screen itself, before it has a host; checked here so that a wrong word is named. */
  screen: z
    .strictObject({
      /** "auto" (light or dark as the terminal is; the default), or a name in themes/: of the configuration folder first, then ours. */
      theme: z
        .string()
        .regex(/^[\w-]+$/)
        .optional(),
      /** The key before tmux's letters, for example "ctrl-a". */
      prefix: z
        .string()
        .regex(/^(ctrl|alt)-.$/, 'write it like "ctrl-a" or "alt-x"')
        .optional(),
      characters: z.enum(['unicode', 'ascii']).optional(),
      /** Whether what is written to agents is kept for the next screen; default true. */
      keepPrompts: z.boolean().optional(),
      /** `{"pane.zoom": "z"}`: a place and an action, and its keys there; the screen and doctor check which there are. */
      keys: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
    })
    .optional(),
});

export interface Settings {
  /** Milliseconds; 0: never. */
  readonly approvalExpiryMs: number;
  readonly allowNonInteractive: boolean;
  readonly network: NetworkChoice;
  readonly requireIsolation: boolean;
  /** Milliseconds; 0: never. */
  readonly closeIdleAgentsAfterMs: number;
  /** Absolute path of a file that gets every checkpoint of the audit log too; null for none. */
  readonly auditSecondPlace: string | null;
  /** Of all recordings together. */
  readonly recordingsBytesMax: number;
  /** Of all transcripts together. */
  readonly transcriptsBytesMax: number;
  /** Milliseconds; 0: not kept. */
  readonly passphraseKeptMs: number;
  /** Milliseconds; 0: never. */
  readonly vaultLockAfterMs: number;
  /** Program and arguments; null: none. */
  readonly notifyCommand: readonly string[] | null;
}

/** Throws CONFIG_INVALID, naming the file and the key, for anything the schema does not know. */
export async function readSettings(configFile: string): Promise<Settings> {
  const file = await readConfigFile(configFile);
  const value = file === null ? {} : parseJson(configFile, file.text);
  const parsed = settingsSchema.safeParse(value);
  if (!parsed.success) {
    const { message } = toConfigProblem(parsed.error, settingsSchema, value);
    throw new OperationError('CONFIG_INVALID', `${configFile}: ${message}.`);
  }
  const { approvals, notify, requireIsolation, agents, audit, sessions, recordings, secrets } = parsed.data;
  const minutes = approvals?.expireAfterMinutes;
  return {
    approvalExpiryMs:
      minutes === undefined ? limits.approvalExpiryMsDefault : minutes === 'never' ? 0 : minutes * 60_000,
    allowNonInteractive: approvals?.allowNonInteractive ?? false,
    network: parsed.data.network ?? 'auto',
    requireIsolation: requireIsolation ?? false,
    closeIdleAgentsAfterMs:
      agents?.closeIdleAfterMinutes === undefined ? limits.agentIdleMsDefault : agents.closeIdleAfterMinutes * 60_000,
    auditSecondPlace: audit?.secondPlace ?? null,
    recordingsBytesMax: toBytes(recordings?.totalGiB) ?? limits.recordingsBytesMaxDefault,
    transcriptsBytesMax: toBytes(sessions?.totalGiB) ?? limits.transcriptsBytesMaxDefault,
    passphraseKeptMs:
      secrets?.keepPassphrasesMinutes === undefined ? limits.passphraseKeptMs : secrets.keepPassphrasesMinutes * 60_000,
    vaultLockAfterMs: (secrets?.lockVaultAfterMinutes ?? 0) * 60_000,
    notifyCommand: notify?.command ?? null,
  };
}

function toBytes(gibibytes: number | undefined): number | null {
  return gibibytes === undefined ? null : Math.floor(gibibytes * 1024 ** 3);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OperationError('CONFIG_INVALID', `${path} is not valid JSON (${why}); mend it or move it away.`, {
      cause: error,
    });
  }
}
