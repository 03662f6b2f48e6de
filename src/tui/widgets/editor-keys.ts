/** Which key does what in a text field: the usual keys and readline's. Knows nothing of screens. */
import { type Key, keyId } from '../input/key.ts';
import type { EditorModel, Motion } from './editor-model.ts';

type Edit = (model: EditorModel) => unknown;

const move =
  (motion: Motion): Edit =>
  (model) =>
    model.move(motion);
const kill =
  (motion: Motion): Edit =>
  (model) =>
    model.kill(motion);
const backspace: Edit = (model) => model.delete('backward');
const undo: Edit = (model) => model.undo();
const redo: Edit = (model) => model.redo();

const edits: Readonly<Record<string, Edit>> = {
  left: move('left'),
  'ctrl-b': move('left'),
  right: move('right'),
  'ctrl-f': move('right'),
  home: move('line-start'),
  'ctrl-a': move('line-start'),
  end: move('line-end'),
  'ctrl-e': move('line-end'),
  'ctrl-home': move('start'),
  'alt-<': move('start'),
  'ctrl-end': move('end'),
  'alt->': move('end'),
  'ctrl-left': move('word-left'),
  'alt-left': move('word-left'),
  'alt-b': move('word-left'),
  'ctrl-right': move('word-right'),
  'alt-right': move('word-right'),
  'alt-f': move('word-right'),
  backspace,
  'shift-backspace': backspace,
  'ctrl-h': backspace,
  delete: (model) => model.delete('forward'),
  'ctrl-d': (model) => model.delete('forward'),
  'ctrl-w': kill('blank-word-left'),
  'alt-backspace': kill('word-left'),
  'ctrl-backspace': kill('word-left'),
  'alt-d': kill('word-right'),
  'ctrl-delete': kill('word-right'),
  'ctrl-k': kill('line-end'),
  'ctrl-u': kill('line-start'),
  'ctrl-y': (model) => model.yank(),
  'ctrl-_': undo,
  'ctrl-/': undo,
  'ctrl-z': undo,
  'alt-_': redo,
  'ctrl-shift-z': redo,
  'alt-z': redo,
};

/** Applies a key that edits or moves within the text; false for keys that mean nothing here. */
export function editWithKey(model: EditorModel, key: Key): boolean {
  const edit = Object.hasOwn(edits, keyId(key)) ? edits[keyId(key)] : undefined;
  if (edit) edit(model);
  else if (key.text !== '') model.insert(key.text);
  else return false;
  return true;
}
