/**
 * Keeps the heap of a process that runs for days near what it really holds. As it comes, V8 lets garbage grow to several times that
 * before it collects, which under a flood is hundreds of megabytes. It knows nothing of what is in the heap.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** How much more than what is alive the heap may become before it is collected. With 30, and a quarter of the young generation below, a flood cost 1.4 times the processor time, beside tmux. */
const growthPercent = 150;
/** Both halves of the young generation: larger ones are collected less often, but each pause is longer. It may double once more. */
const youngBytesWanted = 16 * 1024 * 1024;

/**
 * For the rest of the process. Both flags are among those that V8 reads at each collection; a version that does not would only
 * take more memory.
 */
export function keepHeapFrugal(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // The largest size itself can only be set before V8 starts, so it is stopped from growing where it is large enough.
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < youngBytesWanted) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
