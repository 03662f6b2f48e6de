/** What must be known of a session to go on with it after its host has ended. Who keeps it, and where, is the host's business. */
import { z } from 'zod';

const id = z.string().min(1).max(200);
const agent = z.union([
  z.strictObject({ id }),
  z.strictObject({ command: z.array(z.string().max(32_768)).min(1).max(1_024) }),
]);

/** Redacted, and cut where it is long: then, or where files went with it, it is not whole. Earlier versions kept its beginning only. */
const keptPrompt = z
  .union([z.string().max(2_000), z.strictObject({ text: z.string().max(40_000), isWhole: z.boolean() })])
  .transform((prompt) => (typeof prompt === 'string' ? { text: prompt, isWhole: false } : prompt));

export type KeptPrompt = z.output<typeof keptPrompt>;

const keptSession = z.strictObject({
  v: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  title: z.string().max(1_000),
  namedBy: z.enum(['nobody', 'agent', 'operator']),
  servers: z.array(id).min(1).max(256),
  /** What the record of each server was when a person put it in scope: another one by now may be another machine. */
  serverRecords: z.record(id, z.strictObject({ hash: z.string().max(200), address: z.string().max(1_000) })).optional(),
  workspace: z.string().nullable(),
  readonly: z.boolean(),
  createdAtMs: z.number(),
  /** Turns that were finished. */
  turns: z.int().nonnegative(),
  /** The last item of the conversation that a screen has shown. */
  seenItem: z.int().nonnegative().optional(),
  /** A turn runs: it did not end before the host did. */
  hasOpenTurn: z.boolean().optional(),
  /** Prompts that were not sent yet. */
  waitingPrompts: z.array(keptPrompt).max(64).optional(),
  /** Those of earlier hosts, until a person sends or drops them. */
  heldPrompts: z.array(keptPrompt).max(64).optional(),
  /** The agents that were in it; the first one is the one that answers. */
  agents: z
    .array(
      z.strictObject({
        agent,
        /** The agent's own id of its session. */
        agentSession: z.string().max(4_096).nullable(),
        /** The last item of the conversation that it knows; -1 for none. */
        knowsUpTo: z.int(),
      }),
    )
    .min(1)
    .max(64),
});

export type KeptSession = z.output<typeof keptSession>;

/** Null for text that is no such record: of another version, or damaged. */
export function toKeptSession(text: string): KeptSession | null {
  try {
    return keptSession.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
