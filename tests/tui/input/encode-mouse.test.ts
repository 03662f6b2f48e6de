/** The mouse as a program in a shell hears of it: only what it asked for, in the form it asked for. */
import { describe, expect, it } from 'vitest';
import { encodeFocus, encodeMouse, type MouseMode } from '../../../src/tui/input/encode-mouse.ts';
import type { Mouse } from '../../../src/tui/input/key.ts';

const mouse = (fields: Partial<Mouse>): Mouse => ({
  ...{ kind: 'press', button: 'left', x: 4, y: 2, ctrl: false, alt: false, shift: false },
  ...fields,
});
const sgr = (tracking: MouseMode['tracking']): MouseMode => ({ tracking, encoding: 'sgr' });
const text = (event: Mouse, mode: MouseMode): string => Buffer.from(encodeMouse(event, mode)).toString('latin1');

describe('the mouse of a program in a shell', () => {
  it.each<[string, Partial<Mouse>, MouseMode, string]>([
    ['a press', {}, sgr('vt200'), '\x1b[<0;5;3M'],
    ['a release', { kind: 'release' }, sgr('vt200'), '\x1b[<0;5;3m'],
    ['the middle button', { button: 'middle' }, sgr('vt200'), '\x1b[<1;5;3M'],
    [
      'the right button with what is held',
      { button: 'right', ctrl: true, alt: true, shift: true },
      sgr('drag'),
      '\x1b[<30;5;3M',
    ],
    ['the wheel', { kind: 'wheel-down', button: 'none' }, sgr('vt200'), '\x1b[<65;5;3M'],
    ['a drag', { kind: 'drag' }, sgr('drag'), '\x1b[<32;5;3M'],
    ['a move', { kind: 'move', button: 'none' }, sgr('any'), '\x1b[<35;5;3M'],
    ['a press in the old form', {}, { tracking: 'vt200', encoding: 'default' }, '\x1b[M %#'],
    ['a release in the old form', { kind: 'release' }, { tracking: 'vt200', encoding: 'default' }, '\x1b[M#%#'],
    ['the last cell of the old form', { x: 222, y: 0 }, { tracking: 'vt200', encoding: 'default' }, '\x1b[M \xff!'],
    ['a press of X10, without what is held', { ctrl: true }, { tracking: 'x10', encoding: 'default' }, '\x1b[M %#'],
  ])('%s', (_what, event, mode, bytes) => {
    expect(text(mouse(event), mode)).toBe(bytes);
  });

  it.each<[string, Partial<Mouse>, MouseMode]>([
    ['anything, when it did not ask', {}, sgr('none')],
    ['a release of X10', { kind: 'release' }, sgr('x10')],
    ['the wheel of X10', { kind: 'wheel-up' }, sgr('x10')],
    ['drags, when it asked for buttons', { kind: 'drag' }, sgr('vt200')],
    ['moves, when it asked for drags', { kind: 'move' }, sgr('drag')],
    ['cells beyond what a byte can say', { x: 223 }, { tracking: 'vt200', encoding: 'default' }],
    ['rows beyond what a byte can say', { y: 223 }, { tracking: 'vt200', encoding: 'default' }],
    ['a form that counts pixels', {}, { tracking: 'vt200', encoding: 'other' }],
  ])('it does not hear of %s', (_what, event, mode) => {
    expect(text(mouse(event), mode)).toBe('');
  });

  it('hears of the focus', () => {
    expect([encodeFocus('focused'), encodeFocus('unfocused')]).toEqual(['\x1b[I', '\x1b[O']);
  });
});
