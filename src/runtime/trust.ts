/** Remembers which workspace files the operator trusts, by the hash of their bytes. Does not know what they say. */
import { z } from 'zod';
import { JsonTextError, readJson } from '../base/json-text.ts';
import { OperationError } from '../core/codes.ts';
import { readConfigFile, writeConfigFile } from './config-file.ts';

const trustSchema = z.strictObject({
  version: z.literal(1),
  /** Absolute path → sha256 of the trusted bytes, in hex. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export interface Trust {
  /** True only for exactly these bytes of exactly this file. Throws CONFIG_INVALID when the list itself is broken. */
  isTrusted(path: string, sha256: string): Promise<boolean>;
  /** True when some version of this file was trusted once. */
  wasTrusted(path: string): Promise<boolean>;
  /** Replaces what was trusted before at this path. */
  add(path: string, sha256: string): Promise<void>;
}

/** @param trustFile the list; made at the first `add`. */
export function createTrust(trustFile: string): Trust {
  return {
    async isTrusted(path, sha256) {
      return (await readList(trustFile)).get(path) === sha256;
    },
    async wasTrusted(path) {
      return (await readList(trustFile)).has(path);
    },
    async add(path, sha256) {
      const files = await readList(trustFile);
      files.set(path, sha256);
      const sorted = Object.fromEntries([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
      await writeConfigFile(trustFile, `${JSON.stringify({ version: 1, files: sorted }, null, 2)}\n`);
    },
  };
}

async function readList(trustFile: string): Promise<Map<string, string>> {
  const file = await readConfigFile(trustFile);
  if (!file) return new Map();
  try {
    const parsed = trustSchema.safeParse(readJson(file.text).value);
    if (parsed.success) return new Map(Object.entries(parsed.data.files));
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
  }
  throw new OperationError(
    'CONFIG_INVALID',
    `${trustFile} is damaged; delete it, then trust your workspaces again with \`signalbox server trust\`.`,
  );
}
