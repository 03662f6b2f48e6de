/** A screen calls its operator: bell, notification and title, from the bytes that the terminal gets. */
import { afterEach, describe, expect, it } from 'vitest';
import { App } from '../../src/tui/app.ts';
import { darkTheme } from '../../src/tui/theme.ts';
import type { SignalSettings } from '../../src/tui/waiting-signal.ts';
import { openTerminal } from '../../src/tui/widgets/screen.ts';
import { FakeHost, makeCard } from '../fixtures/fake-host.ts';
import { FakeTerminal } from '../fixtures/fake-terminal.ts';
import { ManualClock } from '../fixtures/screen-world.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

function open(signals?: SignalSettings) {
  const terminal = new FakeTerminal(80, 24);
  const host = new FakeHost();
  const clock = new ManualClock();
  const screen = openTerminal({ ...terminal.streams, theme: darkTheme, colors: 'rgb' });
  const options = { terminal: screen, host, clock, prefix: 'ctrl-b', cardDeafMs: 300, session: null } as const;
  const app = new App({ ...options, ...(signals ? { signals } : {}) });
  ends.push(
    () => terminal.dispose(),
    () => host.dispose(),
    () => screen.dispose(),
    () => app.dispose(),
  );
  const add = (...ids: string[]): void => {
    for (const id of ids) host.emit({ type: 'approval.added', card: makeCard(id) });
  };
  return { terminal, host, clock, add };
}

/** BEL as itself, not as the end of a sequence. */
function countBells(written: string): number {
  return written.replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, '').split('\x07').length - 1;
}

describe('a screen', () => {
  it('rings once for a volley, and again only after its pause', async () => {
    const { terminal, clock, add } = open();
    add('c1', 'c2', 'c3');
    clock.advance(1_000);
    expect(countBells(terminal.written)).toBe(1);
    // The call ends after its own turn of the loop.
    await Promise.resolve();
    add('c4');
    clock.advance(1_000);
    expect(countBells(terminal.written)).toBe(1);
    clock.advance(5_000);
    expect(countBells(terminal.written)).toBe(2);
  });

  it('without settings asks the terminal for nothing but its bell', () => {
    const { terminal, clock, add } = open();
    add('c1');
    clock.advance(1_000);
    expect(terminal.written).not.toMatch(/\x1b\](?:9|99|777);/);
  });

  it.each([
    ['9', '\x1b]9;signalbox: 2 requests wait for you on web-1\x07'],
    ['777', '\x1b]777;notify;signalbox;2 requests wait for you on web-1\x07'],
    ['99', '\x1b]99;i=signalbox:d=1:p=body;2 requests wait for you on web-1\x1b\\'],
  ] as const)('notifies with OSC %s', (notification, sequence) => {
    const { terminal, clock, add } = open({ bell: 'silent', notification, multiplexer: 'none' });
    add('c1', 'c2');
    clock.advance(1_000);
    expect(terminal.written).toContain(sequence);
    expect(countBells(terminal.written)).toBe(0);
  });

  it('wraps it for tmux', () => {
    const { terminal, clock, add } = open({ bell: 'silent', notification: '9', multiplexer: 'tmux' });
    add('c1');
    clock.advance(1_000);
    expect(terminal.written).toContain('\x1bPtmux;\x1b\x1b]9;signalbox: 1 request waits for you');
  });

  it('says nothing about what was answered at once, and keeps the title true', () => {
    const { terminal, host, clock, add } = open({ bell: 'bell', notification: '9', multiplexer: 'none' });
    add('c1');
    expect(terminal.written).toContain('\x1b]2;(1 waiting) signalbox\x07');
    host.emit({ type: 'approval.removed', id: 'c1', end: 'approved by operator@cli' });
    clock.advance(10_000);
    expect(terminal.written).not.toContain('\x1b]9;');
    expect(countBells(terminal.written)).toBe(0);
    expect(terminal.written.lastIndexOf('\x1b]2;signalbox\x07')).toBeGreaterThan(terminal.written.indexOf('waiting'));
  });
});
