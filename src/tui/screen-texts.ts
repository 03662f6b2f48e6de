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

/** A text that may be out of sight. */
export interface TabText extends ShownText {
  /** The shell whose tab it is; null for the stream of a pane, and for the conversation. */
  readonly shell: string | null;
}

export interface ScreenTexts {
  /** The text that has the focus; beside one, the conversation. Null where there is none. */
  focused(): ShownText | null;
  /** The text in a part of the screen. */
  in(region: RegionName): ShownText | null;
  /** The conversation and every tab of the session's panes, also of those that are hidden or have no room; of shells those that are attached to. */
  all(): readonly TabText[];
  /** Puts a text where one types: into what has the focus, when that takes text, else into the prompt. False when there is nothing to type into. */
  paste(text: string): boolean;
}

export interface TextPorts {
  /** Asked when a key is pressed: the painter needs the stage first. */
  painter(): Pick<Painter, 'paneOf' | 'tabsOf' | 'focusedPane' | 'prompt'>;
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
      const conversation = inRegion('conversation');
      const servers = [...model.paneIds, ...model.places.paneSet.hidden];
      return [
        ...(conversation ? [{ ...conversation, shell: null }] : []),
        ...servers.flatMap((id) =>
          painter()
            .tabsOf(id)
            .map((tab): TabText => ({ ...tab, region: `pane:${id}`, overlay: null })),
        ),
      ];
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
