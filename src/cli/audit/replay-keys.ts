/** The keys of a replay at the terminal: pause, speed, skip, end. Knows nothing of what is played. */
import { toSpeed } from '../../protocol/playback.ts';
import type { CliIo } from '../output.ts';

export interface ReplayKeys {
  readonly state: 'playing' | 'paused' | 'ended';
  readonly speed: number;
  /** How often "skip" was pressed since the last call. */
  takeSkips(): number;
  dispose(): void;
}

/** Without a terminal to type at it plays to its end. */
export function openReplayKeys(io: CliIo, speed: number): ReplayKeys {
  const keys = { state: 'playing' as ReplayKeys['state'], speed, skips: 0 };
  const stdin = io.stdin as CliIo['stdin'] & { setRawMode?(mode: boolean): void };
  const handle = (chunk: Buffer | string): void => {
    for (const key of chunk.toString().match(/\x1b\[C|[\s\S]/g) ?? []) {
      if (key === 'q' || key === '\x03') keys.state = 'ended';
      else if (key === ' ') keys.state = keys.state === 'paused' ? 'playing' : 'paused';
      else if (key === '+') keys.speed = toSpeed(keys.speed, 1);
      else if (key === '-') keys.speed = toSpeed(keys.speed, -1);
      else if (key === '\x1b[C') keys.skips += 1;
    }
  };
  const isTerminal = io.stdin.isTTY === true && io.stdout.isTTY === true && stdin.setRawMode !== undefined;
  if (isTerminal) {
    stdin.setRawMode?.(true);
    stdin.on('data', handle);
    stdin.resume();
  }
  return {
    get state() {
      return keys.state;
    },
    get speed() {
      return keys.speed;
    },
    takeSkips() {
      const { skips } = keys;
      keys.skips = 0;
      return skips;
    },
    dispose() {
      if (!isTerminal) return;
      stdin.off('data', handle);
      stdin.setRawMode?.(false);
      stdin.pause();
    },
  };
}
