/** What the last probe of an agent found, kept on disk for the program as it was then. It starts nothing; a file it cannot use counts as none. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { limits } from '../../core/limits.ts';
import type { AgentProfile } from './catalogue/profile.ts';
import type { ProbeResult } from './entry.ts';

export interface ProbeCache {
  /** Null when there is none of this program and this way to start it, or when it is too old. */
  read(profile: AgentProfile, program: string): Promise<CachedProbe | null>;
  write(profile: AgentProfile, program: string, result: ProbeResult): Promise<void>;
}

export interface CachedProbe {
  readonly result: ProbeResult;
  readonly ageMs: number;
}

const fileSchema = z.strictObject({
  v: z.literal(1),
  key: z.string(),
  atMs: z.number(),
  availability: z.enum(['ready', 'needs login', 'error']),
  diagnostic: z.string().max(2_000),
  version: z.string().max(200).nullable(),
});

/** @param toFile where the result of an agent is kept: outside of its HOME, so that it cannot write it. */
export function createProbeCache(toFile: (agent: string) => string, clock: Clock): ProbeCache {
  return {
    async read(profile, program) {
      const [text, key] = await Promise.all([
        readFile(toFile(profile.id), 'utf8').catch(() => null),
        toKey(profile, program),
      ]);
      const kept = text === null || key === null ? null : parse(text);
      if (kept === null || kept.key !== key) return null;
      const ageMs = clock.nowMs() - kept.atMs;
      const ageMsMax = kept.availability === 'ready' ? limits.agentProbeMsMax : limits.agentProblemMsMax;
      if (ageMs < 0 || ageMs > ageMsMax) return null;
      const { availability, diagnostic, version } = kept;
      return { result: { availability, diagnostic, version }, ageMs };
    },
    async write(profile, program, result) {
      const key = await toKey(profile, program);
      if (key === null) return;
      const file = toFile(profile.id);
      const kept = { v: 1, key, atMs: clock.nowMs(), ...toBounded(result) };
      const part = `${file}.${randomBytes(4).toString('hex')}.tmp`;
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(part, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
        await rename(part, file);
      } catch {
        // A full disk costs the cache, not the answer.
        await rm(part, { force: true }).catch(() => undefined);
      }
    },
  };
}

/** Changes with the program, and with the way it is started. Null when the program is gone. */
async function toKey(profile: AgentProfile, program: string): Promise<string | null> {
  const found = await stat(program).catch(() => null);
  if (found === null) return null;
  const { command, env, passEnv, settings, network, mcp, protocol } = profile;
  const start = JSON.stringify([command, env, passEnv, settings?.content ?? null, network, mcp, protocol]);
  return createHash('sha256').update(`${program}\n${found.mtimeMs}\n${found.size}\n${start}`).digest('hex');
}

function parse(text: string): z.output<typeof fileSchema> | null {
  try {
    return fileSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** What an agent says of itself is as long as it likes. */
function toBounded({ availability, diagnostic, version }: ProbeResult): ProbeResult {
  return { availability, diagnostic: diagnostic.slice(0, 2_000), version: version?.slice(0, 200) ?? null };
}
