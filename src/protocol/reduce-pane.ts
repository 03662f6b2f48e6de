/** How blocks and their output grow in the view, within their bounds. `text` is always an unbroken tail of the output. Knows nothing of emulators. */
import { bounds } from './bounds.ts';
import type { BlockView, PaneView, View } from './view.ts';

type Panes = View['panes'];

export interface BlockOutput {
  readonly server: string;
  readonly block: string;
  readonly text: string;
  /** More than 0: so many bytes before `text` were never sent, so what was there before goes, too. */
  readonly skippedBytes: number;
}

export function addBlock(panes: Panes, server: string, block: BlockView): Panes {
  const pane = paneOf(panes, server);
  const blocks = [...(pane?.blocks ?? []).filter((other) => other.id !== block.id), block];
  // Written last, so that the order of the keys is the order of the last new block, and the quietest pane comes first.
  const { [server]: _moved, ...others } = panes;
  const next = { ...others, [server]: toPane(server, blocks.slice(-bounds.blocksPerPaneMax)) };
  const names = Object.keys(next);
  const quietest = names[0];
  if (names.length <= bounds.panesMax || quietest === undefined) return next;
  const { [quietest]: _dropped, ...kept } = next;
  return kept;
}

export function changeBlock(panes: Panes, server: string, id: string, change: Partial<BlockView>): Panes {
  return withBlock(panes, server, id, (block) => ({ ...block, ...change }));
}

export function appendOutput(panes: Panes, output: BlockOutput): Panes {
  return withBlock(panes, output.server, output.block, (block) => {
    if (output.text === '' && output.skippedBytes === 0) return block;
    const before = output.skippedBytes > 0 ? withoutText(block, output.skippedBytes) : block;
    return withTail({ ...before, text: before.text + output.text }, bounds.blockTextCharactersMax);
  });
}

/** Keeps the end of a block's text, at most `charactersMax`; what goes is counted in `skippedBytes`. */
export function withTail(block: BlockView, charactersMax: number): BlockView {
  const { text } = block;
  if (text.length <= charactersMax) return block;
  // A quarter more than needed goes, so that a flood is not copied for each chunk.
  const cut = toCleanCut(text, text.length - Math.floor(charactersMax * 0.75));
  return { ...block, text: text.slice(cut), skippedBytes: block.skippedBytes + utf8Bytes(text.slice(0, cut)) };
}

/** Bytes of a text in UTF-8; a lone surrogate counts as the three bytes of the replacement character. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function withBlock(panes: Panes, server: string, id: string, change: (block: BlockView) => BlockView): Panes {
  const pane = paneOf(panes, server);
  if (!pane) return panes;
  const index = pane.blocks.findLastIndex((block) => block.id === id);
  const block = pane.blocks[index];
  if (!block) return panes;
  const next = change(block);
  return next === block ? panes : { ...panes, [server]: toPane(server, pane.blocks.with(index, next)) };
}

function toPane(server: string, blocks: readonly BlockView[]): PaneView {
  let excess = blocks.reduce((sum, block) => sum + block.text.length, 0) - bounds.paneTextCharactersMax;
  if (excess <= 0) return { server, blocks };
  const kept = blocks.map((block, index) => {
    if (excess <= 0 || block.text === '' || index === blocks.length - 1) return block;
    excess -= block.text.length;
    return withoutText(block, 0);
  });
  return { server, blocks: kept };
}

function withoutText(block: BlockView, skippedBytes: number): BlockView {
  return { ...block, text: '', skippedBytes: block.skippedBytes + utf8Bytes(block.text) + skippedBytes };
}

/** Cuts after a line end that is near, so that no escape sequence is torn; else at least between characters. */
function toCleanCut(text: string, cut: number): number {
  const lineEnd = text.indexOf('\n', cut - 1);
  if (lineEnd !== -1 && lineEnd - cut < 4_096) return lineEnd + 1;
  const unit = text.charCodeAt(cut);
  return unit >= 0xdc00 && unit <= 0xdfff ? cut + 1 : cut;
}

function paneOf(panes: Panes, server: string): PaneView | undefined {
  return Object.hasOwn(panes, server) ? panes[server] : undefined;
}
