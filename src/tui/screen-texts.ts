/**
 * Which texts of the screen can be looked at, and where pasted text goes. Knows the parts by what they offer; draws nothing and handles no key.
 */
import type { TextSource } from './copy/text-rows.ts';
import type { Painter } from './painter.ts';
import type { Overlay } from './pane.ts';
import type { RegionName } from './regions.ts';
import type { ScreenModel } from './screen-model.ts';

export interface ShownText {
  readonly source: TextSource;
  /** The part of the screen that it is in. */
  readonly region: RegionName;
  /** The overlay that it is in, when it is in one. */
  readonly overlay: Overlay | null;
}

export interface ScreenTexts {
  /** The text that has the focus; beside one, the conversation. Null where there is none. */
  focused(): ShownText | null;
  /** The text in a part of the screen. */
  in(region: RegionName): ShownText | null;
  /** The conversation and the panes of the session, also those that have no room now. */
  all(): readonly ShownText[];
  /** Puts a text where one types: into what has the focus, when that takes text, else into the prompt. False when there is nothing to type into. */
  paste(text: string): boolean;
}

export interface TextPorts {
  /** Asked when a key is pressed: the painter needs the stage first. */
  painter(): Pick<Painter, 'paneOf' | 'focusedPane' | 'prompt'>;
  overlay(): Overlay | null;
}

export function toScreenTexts(model: ScreenModel, { painter, overlay }: TextPorts): ScreenTexts {
  const inRegion = (region: RegionName): ShownText | null => {
    const source = painter().paneOf(region)?.textSource ?? null;
    return source ? { source, region, overlay: region === 'overlay' ? overlay() : null } : null;
  };
  const isWorkspace = (): boolean => model.viewName === 'workspace' && !model.hasFirstRun;
  return {
    focused() {
      if (overlay()) return inRegion('overlay');
      if (!isWorkspace()) return inRegion('main');
      return inRegion(model.focus) ?? inRegion('conversation');
    },
    in: inRegion,
    all() {
      const regions: readonly RegionName[] = ['conversation', ...model.paneIds.map((id) => `pane:${id}` as const)];
      return regions.flatMap((region) => inRegion(region) ?? []);
    },
    paste(text) {
      const shell = isWorkspace() ? model.shells.focused : null;
      if (shell !== null && shell.state !== 'ended') painter().focusedPane()?.handlePaste?.(text);
      else if (model.hasPrompt && isWorkspace()) {
        model.focus = 'prompt';
        painter().prompt.handlePaste(text);
      } else return false;
      return true;
    },
  };
}
