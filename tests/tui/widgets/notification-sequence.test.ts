/** Notifications of terminals: one sequence each, whatever the text holds, and nothing after it. */

import { describe, expect, it } from 'vitest';
import { detectNotificationForm, notificationSequence } from '../../../src/tui/widgets/notification-sequence.ts';
import fc, { anyCharacter } from '../../fixtures/properties.ts';

const forms = ['9', '777', '99'] as const;
const shape = {
  '9': /^\x1b\]9;[\x20-\x7e]*\x07$/,
  '777': /^\x1b\]777;notify;[^;\x00-\x1f\x7f-\uffff]*;[^;\x00-\x1f\x7f-\uffff]*\x07$/,
  '99': /^\x1b\]99;i=signalbox:d=0;[\x20-\x7e]*\x1b\\\x1b\]99;i=signalbox:d=1:p=body;[\x20-\x7e]*\x1b\\$/,
};

describe('a notification', () => {
  it.each(forms)('as OSC %s is one sequence whatever the text is', (form) => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (title, text) => {
        expect(notificationSequence(form, { title, text }, 'none')).toMatch(shape[form]);
      }),
    );
  });

  it.each([
    ['an end and a new title', 'x\x07\x1b]2;pwned\x07', 'x??]2;pwned?'],
    ['the string terminator', 'x\x1b\\y', 'x?\\y'],
    ['C1 controls', 'x\x9c\x9d52;c;eA==', 'x??52;c;eA=='],
    ['line feeds', 'a\r\nb', 'a??b'],
    ['reordering', 'a\u202eb', 'a?b'],
  ])('keeps %s from the terminal', (_, text, shown) => {
    expect(notificationSequence('9', { title: 't', text }, 'none')).toBe(`\x1b]9;t: ${shown}\x07`);
  });

  it('is bounded', () => {
    for (const form of forms)
      expect(notificationSequence(form, { title: 't', text: 'x'.repeat(100_000) }, 'tmux').length).toBeLessThan(300);
  });

  it('inside of tmux is wrapped, with every escape doubled', () => {
    const wrapped = notificationSequence('99', { title: 't', text: 'x' }, 'tmux');
    const [, inner = ''] = /^\x1bPtmux;(.*)\x1b\\$/s.exec(wrapped) ?? [];
    expect(inner.replaceAll('\x1b\x1b', '\x1b')).toBe(notificationSequence('99', { title: 't', text: 'x' }, 'none'));
    expect(inner.replaceAll('\x1b\x1b', '')).not.toContain('\x1b');
  });

  it.each([
    [{ TERM: 'xterm-kitty' }, '99'],
    [{ TERM: 'tmux-256color', KITTY_WINDOW_ID: '1' }, '99'],
    [{ TERM: 'foot' }, '777'],
    [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, '777'],
    [{ TERM_PROGRAM: 'ghostty' }, '777'],
    [{ TERM_PROGRAM: 'WezTerm' }, '9'],
    [{}, '9'],
  ] as const)('for %j has the form %s', (env, form) => {
    expect(detectNotificationForm(env)).toBe(form);
  });
});
