/** Which tab a pane shows, what is typed into at once, and what stands around a shell. */
import { describe, expect, it } from 'vitest';
import type { ShellView } from '../../../src/protocol/shells.ts';
import { unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toShellNotes, toShellState, toTabs } from '../../../src/tui/present/shell-pane.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { toTimeOfDay } from '../../../src/tui/present/words.ts';
import { toShellEnvironment } from '../../../src/tui/shells/shell-environment.ts';
import { ShellTabs } from '../../../src/tui/shells/shell-tabs.ts';
import { whyNotShell } from '../../../src/tui/situation-shell.ts';
import { FakeHost, makeServer } from '../../fixtures/fake-host.ts';

const page = { columns: 100, nowMs: 0, glyphs: unicodeGlyphs };

function makeShell(id: string, fields: Partial<ShellView> = {}): ShellView {
  const size = { columns: 80, rows: 24 };
  return {
    ...{ id, server: 'web-1', title: '', ...size, state: 'open', problem: null, startedAtMs: 0, watchers: 1 },
    ...fields,
  };
}

function openTabs(...shells: readonly ShellView[]) {
  const host = new FakeHost();
  for (const shell of shells) host.emit({ type: 'shell.added', shell });
  const screen = {
    get view() {
      return host.view;
    },
    viewName: 'workspace',
    focus: 'pane:web-1',
  };
  return { host, screen, tabs: new ShellTabs(screen) };
}

describe('the tabs of a pane', () => {
  it('go round: the stream, then each shell of its server in the order of opening', () => {
    const { tabs } = openTabs(makeShell('shell-1'), makeShell('shell-2', { server: 'db-1' }), makeShell('shell-3'));
    const seen = Array.from({ length: 4 }, () => {
      tabs.showNext('web-1');
      return tabs.focused?.id ?? 'stream';
    });
    expect(seen).toEqual(['shell-1', 'shell-3', 'stream', 'shell-1']);
    expect([0, 1, 2, 3].map((tab) => tabs.showTab('web-1', tab))).toEqual([true, true, true, false]);
    expect(tabs.focused?.id).toBe('shell-3');
  });

  it('take every key while a shell is there, and those of the table once it has ended', () => {
    const { host, screen, tabs } = openTabs(makeShell('shell-1'));
    tabs.show('web-1', 'shell-1');
    expect(tabs.scopes).toEqual(['shell']);
    host.emit({ type: 'shell.changed', id: 'shell-1', change: { state: 'ended', problem: 'lost' } });
    expect(tabs.scopes).toEqual(['endedShell', 'global', 'always']);
    screen.viewName = 'servers';
    expect(tabs.focused).toBeNull();
  });

  it('show the newest shell of each server on a new screen, and tell which were lost with another host', () => {
    const { host, tabs } = openTabs(
      makeShell('shell-1'),
      makeShell('shell-2'),
      makeShell('shell-3', { server: 'db-1' }),
    );
    expect(tabs.handleSnapshot()).toEqual([]);
    expect([tabs.shownOn('web-1')?.id, tabs.shownOn('db-1')?.id]).toEqual(['shell-2', 'shell-3']);
    tabs.show('db-1', null);
    // The same host again: nothing is moved.
    expect(tabs.handleSnapshot()).toEqual([]);
    expect(tabs.shownOn('db-1')).toBeNull();
    tabs.typeTogether(['shell-1', 'shell-2']);
    // Its first shell has the same id as one that is gone.
    const other = new FakeHost();
    other.emit({ type: 'shell.added', shell: makeShell('shell-1', { server: 'db-1' }) });
    host.view = { ...other.view, host: { ...other.view.host, startedAtMs: 7 } };
    expect(tabs.handleSnapshot()).toEqual(['web-1']);
    expect([tabs.shownOn('web-1'), tabs.shownOn('db-1')?.id, tabs.together]).toEqual([null, 'shell-1', []]);
  });

  it('forget what has ended, so that it is not told as lost', () => {
    const { host, tabs } = openTabs(makeShell('shell-1'));
    tabs.handleSnapshot();
    host.emit({ type: 'shell.removed', id: 'shell-1' });
    tabs.forget('shell-1');
    host.view = { ...host.view, host: { ...host.view.host, startedAtMs: 7 } };
    expect(tabs.handleSnapshot()).toEqual([]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['fewer than two', ['shell-1'], ['shell-1']],
    ['one that is not among them', ['shell-2', 'shell-3'], ['shell-1']],
    ['those that are open', ['shell-1', 'shell-2', 'shell-4'], ['shell-1', 'shell-2']],
  ])('are typed into at once: %s', (_what, marked, typed) => {
    const { tabs } = openTabs(
      ...['shell-1', 'shell-2', 'shell-3'].map((id) => makeShell(id)),
      makeShell('shell-4', { state: 'ended' }),
    );
    tabs.typeTogether(marked);
    expect(tabs.typedWith('shell-1')).toEqual(typed);
  });
});

describe('what stands around a shell', () => {
  it.each<[string, readonly ShellView[], string | null, string]>([
    ['nothing without shells', [], null, ''],
    ['the stream in brackets', [makeShell('a')], null, ' [0 commands] 1 shell '],
    ['the shell in brackets, by its title', [makeShell('a', { title: 'vim' })], 'a', '  0 commands [1 vim]'],
    [
      'what is not open',
      [makeShell('a', { state: 'ended' }), makeShell('b', { title: 'vim' })],
      'b',
      '  0 commands  1 shell (ended) [2 vim]',
    ],
    [
      'when shells of one title were opened',
      [makeShell('a', { startedAtMs: 1_000 }), makeShell('b'), makeShell('c', { title: 'vim' })],
      'c',
      `  0 commands  1 shell ${toTimeOfDay(1_000)}  2 shell ${toTimeOfDay(0)} [3 vim]`,
    ],
    [
      'a title that is too long',
      [makeShell('a', { title: 'x'.repeat(60) })],
      'a',
      `  0 commands [1 ${'x'.repeat(39)}…]`,
    ],
    ['a title that hides', [makeShell('a', { title: 'a\u202eb' })], 'a', '  0 commands [1 a\\u202eb]'],
  ])('%s', (_what, shells, shown, text) => {
    expect(toText(toTabs({ shells, shown }, page))).toBe(text);
  });

  it.each([
    ['output', '  0 commands • new output [1 shell]'],
    ['failed', '  0 commands ✗ command failed [1 shell]'],
    [null, '  0 commands [1 shell]'],
  ] as const)('with what happened in the stream behind it: %s', (mark, text) => {
    expect(toText(toTabs({ shells: [makeShell('a')], shown: 'a', mark }, page)).trimEnd()).toBe(text);
  });

  const alone = { together: [], columns: 80, rows: 24, back: 0 };
  it.each<[string, Partial<Parameters<typeof toShellNotes>[0]>, string]>([
    ['nothing', {}, ''],
    ['production', { server: makeServer('db-1', { environment: 'production' }) }, ' PRODUCTION  '],
    ['who is typed into', { together: ['web-1', 'db-1'] }, ' typing into 2 shells: web-1, db-1  '],
    ['that one looks back', { back: 7 }, ' 7 rows scrolled back, a key goes to the end '],
    ['no other size while nobody else watches', { columns: 60 }, ''],
    ['a larger one', { shell: makeShell('a', { watchers: 2 }), columns: 60 }, ' 80x24 on another screen, cut here '],
    ['a smaller one', { shell: makeShell('a', { watchers: 2 }), columns: 90 }, ' 80x24 on another screen '],
  ])('says %s', (_what, change, text) => {
    const notes = { server: makeServer('web-1'), shell: makeShell('a'), ...alone, ...change };
    expect(toText(toShellNotes(notes))).toBe(text);
  });

  it('says why one has ended, whatever the server put there', () => {
    const lines = toShellState(makeShell('a', { state: 'ended', problem: 'gone\x1b[2J' }), page, false).map(toText);
    expect(lines).toEqual(['✗ gone\\x1b[2J', 'Enter opens another one here, x closes this tab.']);
  });

  it('offers the key that trusts a host key, and says that it was not trusted once it is', () => {
    const key = `SHA256:${'a'.repeat(43)}`;
    const problem = `The host key of pi (10.0.0.7:22), ssh-ed25519 ${key}, is not known yet; compare it with what its owner says, then run \`signalbox server trust-key pi ${key}\`.`;
    const say = (isKeyInQuestion: boolean): string =>
      toShellState(makeShell('a', { state: 'ended', problem }), page, isKeyInQuestion)
        .map(toText)
        .join(' ');
    expect(say(true)).toContain('is not known yet. T shows the key and asks whether you trust it. Enter opens');
    expect(say(false)).toMatch(/^✗ It was not opened, since its host key was not trusted then\. Enter opens/);
  });
});

describe('keys about shells say why they do nothing', () => {
  const server = { id: 'db-1', readonly: false, state: 'connected' } as const;
  const here = { server, tabs: 1, shown: 'open', open: 2 } as const;
  it.each<[Parameters<typeof whyNotShell>[0], Partial<Parameters<typeof whyNotShell>[1]>, string | null]>([
    ['openShell', {}, null],
    ['openShell', { server: null }, 'no server is chosen; C after the prefix asks which'],
    [
      'openShell',
      { server: { ...server, readonly: true } },
      'db-1 is registered as read only, so nobody gets a shell there',
    ],
    ['openShell', { server: { ...server, state: 'broken' } }, 'the record of db-1 is broken'],
    ['nextTab', { tabs: 0 }, 'this pane has no shell'],
    ['showTab', { tabs: 0 }, 'this pane has no shell'],
    ['closeShell', { shown: null }, 'no shell has the focus'],
    ['sendPrefix', { shown: null }, 'no shell has the focus'],
    ['typeTogether', { open: 1 }, 'fewer than two shells are open'],
    ['typeTogether', {}, null],
  ])('%s: %j', (action, change, reason) => {
    expect(whyNotShell(action, { ...here, ...change })).toBe(reason);
  });
});

it('offers a shell the language and the colours of this terminal, and nothing else', () => {
  const env = {
    ...{ LANG: 'de_DE.UTF-8', LC_CTYPE: 'C.UTF-8', COLORTERM: 'truecolor' },
    ...{ LC_ALL: '', LC_lower: 'x', LD_PRELOAD: '/tmp/x', PATH: '/bin', LC_TIME: 'x'.repeat(65), LANGUAGE: 'de' },
  };
  expect(toShellEnvironment(env)).toEqual({ LANG: 'de_DE.UTF-8', LC_CTYPE: 'C.UTF-8', COLORTERM: 'truecolor' });
});
