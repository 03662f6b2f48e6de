/** Writes checkpoints beside the log and to a second place, and reads them back. A place that fails gets what it missed when it works again. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, isSigned, parseCheckpoint, toCheckpointLine } from '../../core/audit/checkpoint.ts';
import { createTimeSlice } from './time-slice.ts';
import { toReason } from './to-reason.ts';

export const checkpointsName = 'checkpoints.jsonl';

/** Checkpoints kept for a place that fails: later ones cover what earlier ones did, so the oldest may go. */
const owedMax = 1_000;

export class CheckpointPlace {
  readonly path: string;
  #owed: Checkpoint[] = [];
  /** Whether the file is known to end with a line end. */
  #isWhole = false;
  #problem: string | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** Why the newest checkpoint could not be written; null when it was. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Synced when it returns true. Never throws: records are safe without it, and the next checkpoint covers more. */
  async append(checkpoint: Checkpoint): Promise<boolean> {
    this.#owed = [...this.#owed, checkpoint].slice(-owedMax);
    try {
      const handle = await open(this.path, 'a+', 0o600);
      try {
        const isWhole = this.#isWhole || (await endsWhole(handle));
        const lines = this.#owed.map((one) => `${toCheckpointLine(one)}\n`).join('');
        this.#isWhole = false;
        await handle.appendFile(`${isWhole ? '' : '\n'}${lines}`);
        await handle.datasync();
        this.#isWhole = true;
      } finally {
        await handle.close();
      }
      this.#owed = [];
      this.#problem = null;
    } catch (error) {
      this.#problem = toReason(error);
    }
    return this.#problem === null;
  }
}

/** A kill in the middle of a write leaves a piece of a line; what follows begins on a new one. */
async function endsWhole(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

export interface ReadCheckpoint {
  readonly checkpoint: Checkpoint;
  /** `checkpoints.jsonl:12` */
  readonly where: string;
  readonly isSigned: boolean;
}

export interface ReadCheckpoints {
  readonly checkpoints: readonly ReadCheckpoint[];
  /** Lines that are none. */
  readonly oddLines: number;
}

/** Null when there is no such file; other errors as they are. @param name how messages call it */
export async function readCheckpoints(path: string, name: string): Promise<ReadCheckpoints | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const checkpoints: ReadCheckpoint[] = [];
  const pause = createTimeSlice('heavy');
  let oddLines = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const checkpoint = parseCheckpoint(line);
    if (checkpoint === null) oddLines += 1;
    else checkpoints.push({ checkpoint, where: `${name}:${index + 1}`, isSigned: isSigned(checkpoint) });
    await pause();
  }
  return { checkpoints, oddLines };
}

/** The last one whose signature holds; null without one. */
export async function readLastCheckpoint(folder: string): Promise<Checkpoint | null> {
  const text = await readFile(join(folder, checkpointsName), 'utf8').catch(() => '');
  for (const line of text.split('\n').reverse()) {
    const checkpoint = parseCheckpoint(line);
    if (checkpoint !== null && isSigned(checkpoint)) return checkpoint;
  }
  return null;
}
