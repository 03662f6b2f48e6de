/** The text field: what keys do to the text, how it wraps, and where the cursor is seen. */

import { describe, expect, it } from 'vitest';
import { keyFromId } from '../../../src/tui/input/key.ts';
import { Editor, type EditorOptions } from '../../../src/tui/widgets/editor.ts';
import { EditorModel, editorCharactersMax } from '../../../src/tui/widgets/editor-model.ts';
import fc from '../../fixtures/properties.ts';
import { memorySurface } from '../../fixtures/widget-surface.ts';

/** Shows the text with `|` where the cursor is. */
function shown(editor: Editor): string {
  return `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`;
}

/** Types: key names between spaces; a word in quotes is text. */
function press(editor: Editor, ...ids: string[]): Editor {
  for (const id of ids) {
    if (id.startsWith("'"))
      for (const character of id.slice(1)) editor.handleKey(keyFromId(character === ' ' ? 'space' : character));
    else editor.handleKey(keyFromId(id));
  }
  return editor;
}

const edits: readonly [string, readonly string[], string][] = [
  ['typing', ["'abc"], 'abc|'],
  ['moving left and typing', ["'ac", 'left', "'b"], 'ab|c'],
  ['backspace', ["'abc", 'backspace'], 'ab|'],
  ['backspace at the beginning', ['backspace', "'a"], 'a|'],
  ['delete', ["'abc", 'home', 'delete'], '|bc'],
  ['delete at the end', ["'abc", 'delete'], 'abc|'],
  ['a family is one character', ["'a", '👩‍👩‍👧', 'backspace'], 'a|'],
  ['a flag is one character', ['🇩🇪', '🇫🇷', 'left', 'backspace'], '|🇫🇷'],
  ['a letter with marks is one character', ['e\u0301\u0323', 'left', "'x"], 'x|e\u0301\u0323'],
  ['a mark typed later joins its letter', ["'e", '\u0301', 'backspace'], '|'],
  ['word left and right', ["'one two-three", 'ctrl-left', 'alt-b', 'ctrl-right'], 'one two|-three'],
  ['kill the word before', ["'rm -rf /tmp/x", 'ctrl-w'], 'rm -rf |'],
  ['kill a part of a path', ["'rm /tmp/x", 'alt-backspace'], 'rm /tmp/|'],
  ['kill the word after', ["'one two", 'home', 'alt-d'], '| two'],
  ['kill to the end and yank it back twice', ["'one two", 'alt-b', 'ctrl-k', 'ctrl-y', 'ctrl-y'], 'one twotwo|'],
  ['kill to the beginning', ["'one two", 'ctrl-u'], '|'],
  ['a new line', ["'a", 'shift-enter', "'b", 'alt-enter', "'c", 'ctrl-j', "'d"], 'a\nb\nc\nd|'],
  ['home and end are of the line', ["'ab", 'ctrl-j', "'cd", 'home', "'x", 'end', "'y"], 'ab\nxcdy|'],
  [
    'ctrl-home and ctrl-end are of the text',
    ["'ab", 'ctrl-j', "'cd", 'ctrl-home', "'x", 'ctrl-end', "'y"],
    'xab\ncdy|',
  ],
  ['kill at the end of a line joins lines', ["'ab", 'ctrl-j', "'cd", 'up', 'end', 'ctrl-k'], 'ab|cd'],
  ['undo takes back a run of typing', ["'one two", 'ctrl-_'], 'one |'],
  ['undo and redo', ["'one", 'ctrl-w', 'ctrl-_', 'ctrl-_', 'alt-_'], 'one|'],
  ['undo with nothing to undo', ['ctrl-_', "'a"], 'a|'],
  ['typing after undo ends redo', ["'one", 'ctrl-w', 'ctrl-_', "'!", 'alt-_'], 'one!|'],
  [
    'up and down keep their column',
    ["'abcdef", 'ctrl-j', "'x", 'ctrl-j', "'abcdef", 'left', 'up', 'up'],
    'abcde|f\nx\nabcdef',
  ],
];

describe('keys', () => {
  it.each(edits)('%s', (_title, ids, expected) => {
    expect(shown(press(new Editor(), ...ids))).toBe(expected);
  });

  it.each(['f1', 'ctrl-g', 'alt-x', 'escape', 'tab', 'pageup', 'ctrl-c', 'insert', 'menu'])(
    '%s is left to others',
    (id) => {
      const editor = press(new Editor(), "'a");
      expect(editor.handleKey(keyFromId(id))).toBe(false);
      expect(editor.text).toBe('a');
    },
  );

  it('Enter submits and keeps the text', () => {
    const editor = new Editor();
    const submitted: string[] = [];
    editor.onSubmit((text) => submitted.push(text));
    press(editor, "'ls", 'enter');
    expect(submitted).toEqual(['ls']);
    expect(editor.text).toBe('ls');
  });

  it('with one line there are no line ends, typed or pasted', () => {
    const editor = new Editor({ lines: 'one' });
    const submitted: string[] = [];
    editor.onSubmit((text) => submitted.push(text));
    press(editor, "'a", 'shift-enter');
    editor.handlePaste('b\r\nc\n\nd');
    editor.setText(`${editor.text}\n!`);
    expect(editor.text).toBe('ab c d !');
    expect(submitted).toEqual(['a']);
  });

  it('says when the text changed and only then', () => {
    const editor = new Editor();
    const texts: string[] = [];
    editor.onChange((text) => texts.push(text));
    press(editor, "'ab", 'left', 'backspace', 'backspace', 'ctrl-k', 'ctrl-k');
    expect(texts).toEqual(['a', 'ab', 'b', '']);
  });
});

describe('history', () => {
  function withHistory(): Editor {
    const editor = new Editor();
    for (const text of ['first', 'second', 'second', '  ', 'third']) editor.addHistory(text);
    return editor;
  }

  it('goes back and forth, and keeps what was being written', () => {
    const editor = press(withHistory(), "'draft");
    const seen: string[] = [];
    for (const id of ['up', 'up', 'up', 'up', 'down', 'down', 'down', 'down']) {
      press(editor, id);
      seen.push(editor.text);
    }
    expect(seen).toEqual(['third', 'second', 'first', 'first', 'second', 'third', 'draft', 'draft']);
  });

  it('goes through the rows of the text first', () => {
    const editor = press(withHistory(), "'a", 'ctrl-j', "'b", 'up');
    expect(editor.text).toBe('a\nb');
    press(editor, 'up');
    expect(editor.text).toBe('third');
  });

  it('is bounded', () => {
    const editor = new Editor();
    for (let entry = 0; entry < 2_000; entry += 1) editor.addHistory(`command ${entry}`);
    for (let step = 0; step < 3_000; step += 1) press(editor, 'up');
    expect(editor.text).toBe('command 1500');
  });
});

describe('drawing', () => {
  const pictures: readonly [string, string, number, readonly string[], { x: number; y: number }][] = [
    ['short text', 'abc', 10, ['abc', '', ''], { x: 3, y: 0 }],
    ['wraps at blanks', 'one two three', 9, ['one two', 'three', ''], { x: 5, y: 1 }],
    ['breaks a long word', 'abcdefghijkl', 6, ['abcde', 'fghij', 'kl'], { x: 2, y: 2 }],
    ['a full row leaves room for the cursor', 'abcde', 6, ['abcde', '', ''], { x: 5, y: 0 }],
    ['wide characters', '日本語日本', 6, ['日本', '語日', '本'], { x: 2, y: 2 }],
    ['scrolls to the cursor', 'a\nb\nc\nd\ne', 6, ['c', 'd', 'e'], { x: 1, y: 2 }],
    ['an empty last line', 'a\n', 6, ['a', '', ''], { x: 0, y: 1 }],
    ['a tab is one blank', 'a\tb', 6, ['a b', '', ''], { x: 3, y: 0 }],
  ];
  it.each(pictures)('%s', (_title, text, width, lines, cursor) => {
    const editor = new Editor();
    editor.setText(text);
    const memory = memorySurface(width, 3);
    editor.draw(memory.surface, 'focused');
    expect(memory.lines()).toEqual(lines);
    expect(memory.cursor).toEqual(cursor);
  });

  it('shows a placeholder while it is empty, and no cursor without focus', () => {
    const memory = memorySurface(20, 1);
    new Editor({ placeholder: 'Ask the agent' }).draw(memory.surface, 'unfocused');
    expect(memory.lines()).toEqual(['Ask the agent']);
    expect(memory.cursor).toBeNull();
  });

  it('never draws a secret', () => {
    const editor = new Editor({ lines: 'one', shown: 'dots' });
    editor.handlePaste('hünter2');
    press(editor, 'left', 'up', 'down');
    const memory = memorySurface(20, 1);
    editor.draw(memory.surface, 'focused');
    expect(memory.lines()).toEqual(['•••••••']);
    expect(memory.cursor).toEqual({ x: 6, y: 0 });
  });

  it('says how high it must be', () => {
    const editor = new Editor();
    editor.setText('one two three\nfour');
    expect([editor.heightAt(80), editor.heightAt(9), editor.heightAt(1)]).toEqual([2, 3, 17]);
  });
});

describe('bounds and laws', () => {
  it('a paste larger than the bound is cut, and the next key still is quick', () => {
    const editor = new Editor();
    editor.handlePaste('x '.repeat(editorCharactersMax));
    expect(editor.text.length).toBe(editorCharactersMax);
    press(editor, 'backspace', "'y", 'ctrl-_', 'ctrl-_');
    expect(editor.text.length).toBeLessThanOrEqual(editorCharactersMax);
  });

  const id = fc.constantFrom(
    ...[
      "'a",
      "' ",
      '日',
      '👍🏽',
      '\u0301',
      '\u200d',
      '🇩',
      'left',
      'right',
      'up',
      'down',
      'home',
      'end',
      'backspace',
      'delete',
    ],
    ...['ctrl-w', 'ctrl-u', 'ctrl-k', 'ctrl-y', 'ctrl-_', 'alt-_', 'ctrl-j', 'alt-b', 'alt-f', 'alt-d', 'ctrl-home'],
  );

  it('whatever is pressed, the cursor is between two characters and can be seen', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (ids, width) => {
        const editor = new Editor();
        editor.addHistory('earlier\ntext');
        for (const key of ids) {
          press(editor, key);
          const memory = memorySurface(width, 3);
          editor.draw(memory.surface, 'focused');
          const starts = [...segmenter.segment(editor.text)].map((part) => part.index);
          expect([...starts, editor.text.length]).toContain(editor.cursor);
          expect(memory.cursor).not.toBeNull();
        }
      }),
    );
  });

  it('up onto a wrapped row stays before a character of several code units', () => {
    const editor = press(new Editor(), '👍🏽', '👍🏽');
    editor.draw(memorySurface(1, 3).surface, 'focused');
    press(editor, 'up');
    expect(shown(editor)).toBe('|👍🏽👍🏽');
  });

  it('undoing everything goes back to the beginning, redoing everything to the end', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 60 }), (ids) => {
        const model = new EditorModel();
        for (const key of ids) {
          if (key.startsWith("'") || key.length > 12 || /[^a-z-]/.test(key)) model.insert(key.replace("'", ''));
          else if (key === 'backspace') model.delete('backward');
          else if (key === 'ctrl-w') model.kill('blank-word-left');
          else if (key === 'home') model.move('line-start');
        }
        const last = model.text;
        while (model.undo());
        expect(model.text).toBe('');
        while (model.redo());
        expect(model.text).toBe(last);
      }),
    );
  });

  it('every byte value, typed and pasted, does no harm and leaves no control character', () => {
    const variants: readonly EditorOptions[] = [{}, { lines: 'one' }, { shown: 'dots' }];
    for (const options of variants) {
      const editor = new Editor(options);
      for (let byte = 0; byte < 256; byte += 1) {
        const character = String.fromCharCode(byte);
        editor.handleKey({ name: character, text: character, ctrl: false, alt: false, shift: false });
        editor.handlePaste(character);
        editor.draw(memorySurface(7, 2).surface, 'focused');
      }
      expect(editor.text).not.toMatch(/[^\P{Cc}\n\t]/u);
    }
  });
});
