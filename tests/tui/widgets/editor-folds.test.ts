/** A long paste in a text field: one label for the cursor and the eye, all of it for whoever asks for the text. */
import { describe, expect, it } from 'vitest';
import { keyFromId } from '../../../src/tui/input/key.ts';
import { Editor } from '../../../src/tui/widgets/editor.ts';
import { EditorFolds } from '../../../src/tui/widgets/editor-folds.ts';
import { toShownText } from '../../../src/tui/widgets/editor-shown.ts';
import fc from '../../fixtures/properties.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

const lines = (count: number): string => Array.from({ length: count }, (_, at) => `line ${at}`).join('\n');

function press(editor: Editor, ...ids: string[]): void {
  for (const id of ids) editor.handleKey(keyFromId(id));
}

function toRows(editor: Editor, columns: number): readonly string[] {
  const { surface, lines: shown } = memorySurface(columns, editor.heightAt(columns));
  editor.draw(surface, 'unfocused');
  return shown();
}

function toEditor(): Editor {
  return new Editor({ lines: 'many', pastes: 'folded' });
}

describe('a long paste', () => {
  it.each([
    [lines(13), '[pasted 13 lines]'],
    [lines(312), '[pasted 312 lines]'],
    [`${lines(312)}\n`, '[pasted 312 lines]'],
    [lines(312).replaceAll('\n', '\r\n'), '[pasted 312 lines]'],
    ['x'.repeat(2_001), '[pasted 2001 characters]'],
  ])('is shown as a label and read in full', (paste, label) => {
    const editor = toEditor();
    press(editor, 'a');
    editor.handlePaste(paste);
    press(editor, 'b');
    expect(toRows(editor, 60)).toEqual([`a${label}b`]);
    expect(editor.text).toBe(`a${paste.replaceAll('\r\n', '\n')}b`);
  });

  it.each([['short'], [lines(12)], ['x'.repeat(2_000)]])('that is not long stays text', (paste) => {
    const editor = toEditor();
    editor.handlePaste(paste);
    expect(editor.hasFold).toBe(false);
    expect(editor.text).toBe(paste);
  });

  it('is one step for the cursor and for deleting, and comes back with undo', () => {
    const editor = toEditor();
    editor.handlePaste(lines(20));
    press(editor, 'b', 'left', 'left', 'a', 'right', 'backspace');
    expect(editor.text).toBe('ab');
    press(editor, 'ctrl-_');
    expect(editor.text).toBe(`a${lines(20)}b`);
  });

  it('can be put into the text, the one before the cursor first, and folded again by undo', () => {
    const editor = toEditor();
    editor.handlePaste(lines(20));
    editor.handlePaste(lines(30));
    expect(editor.unfold()).toBe(true);
    expect(toRows(editor, 60)[0]).toBe('[pasted 20 lines]line 0');
    expect(editor.text).toBe(lines(20) + lines(30));
    press(editor, 'ctrl-_');
    expect(toRows(editor, 60)).toEqual(['[pasted 20 lines][pasted 30 lines]']);
  });

  it('survives being cut out, sending something else, and being put back', () => {
    const editor = toEditor();
    editor.handlePaste(lines(20));
    press(editor, 'ctrl-u');
    editor.clear();
    press(editor, 'ctrl-y');
    expect(editor.text).toBe(lines(20));
  });

  it.each([['\u{f0000}'], [`a\u{f0001}b\u{f00ff}`]])('cannot be forged: %j', (text) => {
    const editor = toEditor();
    editor.handlePaste(lines(20));
    editor.setText(text);
    expect(editor.hasFold).toBe(false);
    editor.handlePaste(text);
    expect(editor.hasFold).toBe(false);
    expect(editor.text).not.toContain('line 1');
  });

  it('past the largest number of them stays text, so that nothing is lost', () => {
    const folds = new EditorFolds();
    for (let at = 0; at < 256; at += 1) expect(folds.fold(`text ${at}`)).not.toBeNull();
    expect(folds.fold('one more')).toBeNull();
  });

  it('keeps offsets: what is shown leads back to where it came from', () => {
    const part = fc.oneof(fc.constant(lines(20)), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const folds = new EditorFolds();
        const edited = parts.map((text) => (text.includes('line 19') ? (folds.fold(text) ?? '') : text)).join('');
        const shown = toShownText(edited, 'text', folds);
        expect(folds.expand(edited)).toBe(parts.join(''));
        for (let offset = 0; offset <= edited.length; offset += 1) {
          const isInside =
            /[\udc00-\udcff]/.test(edited.charAt(offset)) && folds.has(edited.slice(offset - 1, offset + 1));
          if (!isInside) expect(shown.toEdited(shown.toShown(offset))).toBe(offset);
        }
        const whole = shown.toLine({ start: 0, end: shown.text.length });
        expect(whole.map(({ text }) => text).join('')).toBe(shown.text);
      }),
    );
  });
});
