/** What is asked of the emulator of xterm.js beside what it publishes. Knows no pane. */
import type headless from '@xterm/headless';

export type Emulator = InstanceType<typeof headless.Terminal>;

/** Parts of the emulator that it does not publish; its version is pinned, and a test notices when they go. */
interface EmulatorCore {
  writeSync(text: string): void;
  readonly coreService: {
    readonly isCursorHidden: boolean;
    /** Undefined where the program has chosen no shape, or has given it back. */
    readonly decPrivateModes: { readonly cursorStyle?: 'block' | 'underline' | 'bar'; readonly cursorBlink?: boolean };
  };
  readonly buffer: { readonly scrollTop: number };
  readonly coreMouseService: { readonly activeEncoding: string };
}

export function coreOf(emulator: Emulator): EmulatorCore {
  return (emulator as unknown as { readonly _core: EmulatorCore })._core;
}

/** Parses at once. The public `write` parses later, for up to 12 ms at a time in each emulator; the budget here is for all of them. */
export function writeNow(emulator: Emulator, text: string): void {
  coreOf(emulator).writeSync(text);
}

export function cursorIsHidden(emulator: Emulator): boolean {
  return coreOf(emulator).coreService.isCursorHidden;
}

const shapes = { block: 1, underline: 3, bar: 5 } as const;

/** As DECSCUSR counts. */
export function cursorShapeOf(emulator: Emulator): number {
  const { cursorStyle, cursorBlink } = coreOf(emulator).coreService.decPrivateModes;
  return cursorStyle === undefined ? 0 : shapes[cursorStyle] + (cursorBlink === true ? 0 : 1);
}
