/** Remembers which commands of this machine the operator allowed, by their whole text and for which server. Runs and asks nothing. */
import { z } from 'zod';
import { JsonTextError, readJson } from '../../base/json-text.ts';
import { Serial } from '../../base/serial.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { LocalCommand } from '../../core/login/local-command.ts';
import { fileStamp, readConfigFile, writeConfigFile } from '../config-file.ts';

const allowedSchema = z.strictObject({
  version: z.literal(1),
  commands: z.array(
    z.strictObject({
      /** Null: for whichever server is looked up. */
      server: z.string().nullable(),
      text: z.string().min(1),
      allowedAt: z.string(),
    }),
  ),
});

export type AllowedCommand = z.infer<typeof allowedSchema>['commands'][number];

export interface AllowedCommands {
  readonly file: string;
  /** Oldest first. Throws CONFIG_INVALID when the file is damaged or others can write it, as does everything below. */
  list(): Promise<readonly AllowedCommand[]>;
  isAllowed(command: LocalCommand): Promise<boolean>;
  /** Past `limits.localCommandsMax`, the oldest are asked about again. */
  allow(commands: readonly LocalCommand[], nowMs: number): Promise<void>;
  /** Forgets those that `isMeant` says; resolves with them. */
  revoke(isMeant: (command: AllowedCommand) => boolean): Promise<readonly AllowedCommand[]>;
}

/** @param file made when the first is allowed. */
export function createAllowedCommands(file: string): AllowedCommands {
  const edits = new Serial();
  // A list of servers asks for each of them.
  let last: { readonly stamp: string; readonly keys: ReadonlySet<string> } | null = null;
  const keys = async (): Promise<ReadonlySet<string>> => {
    const stamp = fileStamp(file);
    if (stamp !== null && last?.stamp === stamp) return last.keys;
    const found = new Set((await read(file)).map(toKey));
    last = stamp === null ? null : { stamp, keys: found };
    return found;
  };
  const write = async (commands: readonly AllowedCommand[]): Promise<void> => {
    const kept = commands.slice(-limits.localCommandsMax);
    await writeConfigFile(file, `${JSON.stringify({ version: 1, commands: kept }, null, 2)}\n`);
  };
  return {
    file,
    list: () => read(file),
    async isAllowed(command) {
      return (await keys()).has(toKey(command));
    },
    allow: (commands, nowMs) =>
      edits.run(async () => {
        const allowedAt = new Date(nowMs).toISOString();
        const again = new Set(commands.map(toKey));
        const before = (await read(file)).filter((one) => !again.has(toKey(one)));
        await write([...before, ...commands.map(({ server, text }) => ({ server, text, allowedAt }))]);
      }),
    revoke: (isMeant) =>
      edits.run(async () => {
        const before = await read(file);
        const gone = before.filter(isMeant);
        if (gone.length > 0) await write(before.filter((one) => !gone.includes(one)));
        return gone;
      }),
  };
}

function toKey({ server, text }: LocalCommand): string {
  return JSON.stringify([server, text]);
}

async function read(path: string): Promise<readonly AllowedCommand[]> {
  const file = await readConfigFile(path);
  if (!file) return [];
  try {
    const parsed = allowedSchema.safeParse(readJson(file.text).value);
    if (parsed.success) return parsed.data.commands;
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
  }
  throw new OperationError(
    'CONFIG_INVALID',
    `${path} is damaged; delete it, then allow your local commands again with \`signalbox server trust-command\`.`,
  );
}
