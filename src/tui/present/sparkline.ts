/**
 * Numbers over time as one line of bars, and as bars of a diagram. The words beside them say the figures. Pure.
 */
import type { Glyphs } from './page.ts';

/** The newest values that have room, one cell each; the tallest bar is `most`, or the largest of them. */
export function toSparkline(values: readonly number[], columns: number, glyphs: Glyphs, most = 0): string {
  const shown = columns > 0 ? values.slice(-columns) : [];
  const top = Math.max(most, ...shown);
  const bars = [...glyphs.bars];
  return shown.map((value) => bars[toStep(value, top, bars.length)] ?? '').join('');
}

/** From 0; only nothing at all is drawn as the lowest bar of a scale that has room for more. */
function toStep(value: number, top: number, steps: number): number {
  if (!(value > 0) || top <= 0) return 0;
  return Math.max(1, Math.min(steps - 1, Math.round((value / top) * (steps - 1))));
}
