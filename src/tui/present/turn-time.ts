/**
 * How long a turn goes on already, and a sign that moves with each second, so that one that hangs can be told from one that has just begun. Pure.
 */
import type { SessionView } from '../../protocol/view.ts';
import type { Glyphs } from './page.ts';
import { toDuration } from './words.ts';

/** The sign moves this often: as often as what passes by itself is painted again. */
const frameMs = 1_000;

/** Since the prompt of a turn that goes on now was sent; null where no turn does, or nobody knows its prompt. */
export function toTurnMs({ state, items }: SessionView, nowMs: number): number | null {
  if (state !== 'working') return null;
  const prompt = items.findLast(({ kind }) => kind === 'user');
  return prompt === undefined ? null : Math.max(0, nowMs - prompt.atMs);
}

/** Whole seconds: 9 s, 1 min 12 s. */
export function toTurnWords(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : toDuration(seconds * 1_000);
}

/** One character, another with every second. */
export function toLifeSign(nowMs: number, { spinner }: Glyphs): string {
  const frames = [...spinner];
  return frames[Math.floor(Math.max(0, nowMs) / frameMs) % frames.length] ?? '';
}
