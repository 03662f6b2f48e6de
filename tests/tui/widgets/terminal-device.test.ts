/** The terminal taken and given back: modes, signals, Ctrl-Z, other programs, and one that stops reading. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Disposables, toDisposable } from '../../../src/base/lifecycle.ts';
import { darkTheme } from '../../../src/tui/theme.ts';
import { openTerminal, type Terminal } from '../../../src/tui/widgets/screen.ts';
import { enterSequence, leaveSequence } from '../../../src/tui/widgets/terminal-modes.ts';
import { type FakeTerminal, fakeTerminal } from '../../fixtures/fake-terminal.ts';

let cleanup = new Disposables();
afterEach(() => {
  const ended = cleanup;
  cleanup = new Disposables();
  ended.dispose();
});

function open(columns: number, rows: number): { fake: FakeTerminal; terminal: Terminal } {
  const fake = fakeTerminal(columns, rows);
  const terminal = openTerminal({ ...fake.streams, theme: darkTheme, colors: 'rgb' });
  cleanup.add(toDisposable(() => fake.dispose()));
  cleanup.add(terminal);
  return { fake, terminal };
}

const whole = (terminal: Terminal) => ({ x: 0, y: 0, width: terminal.size.columns, height: terminal.size.rows });

describe('the terminal given back', () => {
  const left = { paste: false, mouse: false, focus: false, wrap: true };

  it('takes the alternate screen and its modes, and leaves nothing on', async () => {
    const { fake, terminal } = open(20, 5);
    await fake.idle();
    expect(fake.isAlternateScreen).toBe(true);
    expect(fake.modes).toEqual({ paste: true, mouse: true, focus: true, wrap: false });
    expect(fake.rawMode).toBe(true);
    terminal.dispose();
    await fake.idle();
    expect(fake.isAlternateScreen).toBe(false);
    expect(fake.modes).toEqual(left);
    expect(fake.rawMode).toBe(false);
    expect(fake.process.eventNames()).toEqual([]);
    expect(fake.input.listenerCount('data')).toBe(0);
  });

  it('asks for keys that say what was held with them, and takes that back', () => {
    const asked = { kitty: '\x1b[>1u', modifyOtherKeys: '\x1b[>4;1m' };
    const undone = { kitty: '\x1b[<u', modifyOtherKeys: '\x1b[>4m' };
    for (const sequence of Object.values(asked)) expect(enterSequence('no-mouse')).toContain(sequence);
    for (const sequence of Object.values(undone)) expect(leaveSequence).toContain(sequence);
    // Apple's Terminal takes the one of xterm for an underline; nothing may be drawn with it.
    expect(enterSequence('no-mouse').indexOf('\x1b[0m')).toBeGreaterThan(
      enterSequence('no-mouse').indexOf(asked.modifyOtherKeys),
    );
    expect(leaveSequence.indexOf('\x1b[0m')).toBeGreaterThan(leaveSequence.indexOf(undone.modifyOtherKeys));
  });

  it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('restores it on %s and passes the signal on', async (signal) => {
    const { fake } = open(20, 5);
    await fake.idle();
    fake.process.emit(signal);
    await fake.idle();
    expect(fake.modes).toEqual(left);
    expect(fake.isAlternateScreen).toBe(false);
    expect(fake.killed).toEqual([signal]);
  });

  it('leaves the end to the application when it listens', async () => {
    const { fake, terminal } = open(20, 5);
    const ends: string[] = [];
    terminal.onEnd((signal) => ends.push(signal));
    fake.process.emit('SIGTERM');
    await fake.idle();
    expect(ends).toEqual(['SIGTERM']);
    expect(fake.killed).toEqual([]);
  });

  it.each(['exit', 'uncaughtExceptionMonitor'])('restores it on %s', async (event) => {
    const { fake } = open(20, 5);
    fake.process.emit(event);
    await fake.idle();
    expect(fake.modes).toEqual(left);
    expect(fake.rawMode).toBe(false);
  });

  it('comes back whole after Ctrl-Z', async () => {
    const { fake, terminal } = open(20, 2);
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, 'here'));
    await fake.idle();
    terminal.stop();
    await fake.idle();
    expect(fake.killed).toEqual(['SIGTSTP']);
    expect(fake.rawMode).toBe(false);
    expect(fake.isAlternateScreen).toBe(false);
    fake.process.emit('SIGCONT');
    await fake.until('here');
    expect(fake.rawMode).toBe(true);
  });

  it('is not stopped for good where nothing could continue it', async () => {
    const { fake, terminal } = open(20, 2);
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, 'here'));
    await fake.idle();
    terminal.stop();
    await fake.idle();
    expect(fake.isAlternateScreen).toBe(false);
    // No SIGCONT: the process was never stopped, as in a process group without a shell.
    fake.endLongWaits();
    await fake.until('here');
    expect(fake.isAlternateScreen).toBe(true);
  });

  it('keeps away from the terminal while an editor has it, even when that one is stopped and continued', async () => {
    const { fake, terminal } = open(20, 2);
    const keys: string[] = [];
    terminal.onKey((key) => keys.push(key.name));
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, 'here'));
    await fake.idle();
    terminal.suspend();
    fake.process.emit('SIGTSTP');
    fake.process.emit('SIGCONT');
    // Ctrl-C reaches the whole group, and is meant for the other program.
    fake.process.emit('SIGINT');
    fake.type('x');
    terminal.render();
    await fake.idle();
    expect(fake.isAlternateScreen).toBe(false);
    expect(keys).toEqual([]);
    terminal.resume();
    await fake.until('here');
    fake.type('y');
    expect(keys).toEqual(['y']);
  });

  it('keeps the process alive while it is stopped, and not longer', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    cleanup.add(toDisposable(() => vi.useRealTimers()));
    const { terminal } = open(20, 2);
    terminal.suspend();
    expect(vi.getTimerCount()).toBe(1);
    terminal.resume();
    expect(vi.getTimerCount()).toBe(0);
    terminal.suspend();
    terminal.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a terminal that stalls', () => {
  it('drops frames while it does not read, and then shows the newest', async () => {
    const { fake, terminal } = open(20, 2);
    let count = 0;
    const canvas = terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, `frame ${count}`));
    await fake.idle();
    fake.stall();
    fake.written = '';
    for (count = 1; count <= 500; count += 1) {
      canvas.invalidate();
      terminal.renderNow();
    }
    expect(fake.written.length).toBeLessThan(200);
    fake.unstall();
    await fake.until(`frame ${count}`);
  });

  it('does not fail when the terminal is gone', async () => {
    const { fake, terminal } = open(20, 2);
    fake.output.emit('error', new Error('EPIPE'));
    terminal.addCanvas(whole(terminal), (surface) => surface.put(0, 0, 'x'));
    await fake.idle();
    terminal.dispose();
    expect(fake.line(0)).toBe('');
  });

  const failure = Object.assign(new Error('EIO'), { code: 'EIO' });
  it.each<[string, (fake: FakeTerminal) => unknown]>([
    ['what is written fails', ({ output }) => output.emit('error', failure)],
    ['what is read fails', ({ input }) => input.emit('error', failure)],
    ['nothing more will be read', ({ input }) => input.emit('end')],
  ])('ends as by SIGHUP, once, when the terminal is gone: %s', (_how, happens) => {
    const { fake, terminal } = open(20, 2);
    const ends: string[] = [];
    terminal.onEnd((signal) => ends.push(signal));
    happens(fake);
    happens(fake);
    // The one of the shell comes after it.
    expect(fake.process.listenerCount('SIGHUP')).toBe(1);
    fake.process.emit('SIGHUP');
    expect(ends).toEqual(['SIGHUP']);
    expect(fake.killed).toEqual([]);

    const unheard = open(20, 2).fake;
    happens(unheard);
    expect(unheard.killed).toEqual(['SIGHUP']);
  });
});
