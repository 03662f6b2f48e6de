/**
 * What keys do with the chosen item of a conversation: copy it, copy its code, go to its block or its record. The cursor and the folds are
 * the pane's.
 */
import type { ConversationItem } from '../../protocol/view.ts';
import type { Action } from '../keymap.ts';
import type { Stage } from '../pane.ts';
import { PickerOverlay } from '../panes/picker-overlay.ts';
import { toCodeBlocks, toItemSource } from '../present/item-source.ts';
import { toCount } from '../present/words.ts';
import { toItemSituation } from '../situation-item.ts';
import { showRecord } from './blocks.ts';

export function toItemActions(stage: Stage): Partial<Record<Action, () => void>> {
  return {
    copyItem: () => withItem(stage, (item) => copy(stage, toItemSource(item), 'The item')),
    copyCode: () => withItem(stage, (item) => copyCode(stage, item)),
    showBlock: () => showBlock(stage),
    showRecord: () => showItemRecord(stage),
  };
}

function withItem({ model }: Stage, use: (item: ConversationItem) => void): void {
  const item = model.session?.items.find(({ id }) => id === model.chosenItem);
  if (item) use(item);
}

function copy(stage: Stage, text: string, what: string): void {
  const size = toCount(text.split('\n').length, 'line');
  if (stage.copy(text)) stage.say(`${what} was handed to the clipboard of the terminal (${size}).`, 'ok');
  else
    stage.say(
      `${what} is too long for the clipboard of a terminal; :export writes the conversation to a file.`,
      'warn',
    );
}

/** One block at once; of several, which one is asked. */
function copyCode(stage: Stage, item: ConversationItem): void {
  const blocks = toCodeBlocks(item);
  const what = item.kind === 'tool' ? 'difference' : 'block of code';
  const [first, ...others] = blocks;
  if (first === undefined) return stage.say(`There is no ${what} in it.`, 'warn');
  if (others.length === 0) return copy(stage, first, `The ${what}`);
  stage.open(
    new PickerOverlay(stage, {
      ...{ title: `Copy a ${what}`, verb: 'copies it', emptyText: `There is no ${what}.` },
      items: () =>
        blocks.map((block, index) => {
          const lines = block.split('\n').filter((line) => line.trim() !== '');
          const name = lines[0]?.trim() ?? 'an empty block';
          return { id: `${index}`, name, note: toCount(lines.length, 'line'), disabled: null };
        }),
      choose: (id) => copy(stage, blocks[Number(id)] ?? '', `The ${what}`),
    }),
  );
}

function showBlock(stage: Stage): void {
  const { model } = stage;
  const found = toItemSituation(model.view, model.session, model.chosenItem);
  if (!found || found.server === null) return;
  model.wantedBlock = found.operation;
  model.showPane(found.server);
}

function showItemRecord(stage: Stage): void {
  const { model } = stage;
  const found = toItemSituation(model.view, model.session, model.chosenItem);
  if (found && found.operation !== null) void showRecord(stage, found.operation);
}
