/** The help on the screen: the keys of here first, then all; typing searches; Enter does what the key does. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Scope, toKeyText } from '../../../src/tui/keymap.ts';
import { keysInForce } from '../../../src/tui/keys-in-force.ts';
import { findHelpRows, toHelpRows } from '../../../src/tui/present/help.ts';
import { makeServer, makeSession } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';
import { toSituation } from '../../fixtures/situation.ts';

let world: ScreenWorld;
afterEach(() => world?.dispose());

describe('the rows of the help', () => {
  const rows = toHelpRows(toSituation(['servers', 'global', 'always']), 'ctrl-b');
  const toText = (text: string): readonly string[] =>
    findHelpRows(rows, text).map((row) =>
      row.kind === 'heading' ? `# ${row.title}` : row.kind === 'note' ? row.keys : row.binding.action,
    );

  it('are those of here first, and then every other key there is', () => {
    const headings = rows.flatMap((row) => (row.kind === 'heading' ? [row.title] : []));
    expect(headings.slice(0, 5)).toEqual([
      ...['Most used', 'Servers', 'Anywhere but in a text field', 'Always', 'After the prefix ^B'],
    ]);
    expect(headings.slice(5, -2).every((title) => title.endsWith('(elsewhere)'))).toBe(true);
    expect(headings.slice(-2)).toEqual(['Mouse', 'Words of the first line']);
    const shown = new Set(
      rows.flatMap((row) => (row.kind === 'key' ? [`${row.binding.scope} ${row.binding.action}`] : [])),
    );
    const all = keysInForce().map(({ scope, action }) => `${scope} ${action}`);
    expect(all.filter((one) => !shown.has(one))).toEqual([]);
  });

  const firstOf = (...scopes: readonly Scope[]): readonly string[] => {
    const all = toHelpRows(toSituation(scopes), 'ctrl-b');
    const end = all.findIndex((row, at) => at > 0 && row.kind === 'heading');
    return all.slice(1, end).map((row) => (row.kind === 'heading' ? '' : row.keys));
  };

  it.each<[Scope, readonly string[]]>([
    ['conversation', ['i', 'Tab', '1 2 3 4 5 6', ':', '^B a', '^B d']],
    ['audit', ['i', 'Tab', '1 2 3 4 5 6', ':', '^B a', '^B d']],
    ['prompt', ['Esc', '^B :', '^B a', '^B ?', '^B d']],
    ['shell', ['^B :', '^B a', '^B ?', '^B d']],
  ])('begin in %s with what a newcomer needs, once and for all searches in its own place', (scope, keys) => {
    const isText = scope === 'prompt' || scope === 'shell';
    expect(firstOf(scope, ...(isText ? [] : ['global' as const]), 'always')).toEqual(keys);
    expect(toText('leaves the screen agents')).toEqual(['# After the prefix ^B', 'detach']);
  });

  it('have in each group what can be done before what cannot', () => {
    const groups = rows.map((row) =>
      row.kind === 'heading' ? '#' : row.kind === 'key' && row.reason !== null ? 'x' : '+',
    );
    expect(
      groups
        .join('')
        .split('#')
        .slice(2)
        .filter((group) => group.includes('x+')),
    ).toEqual([]);
  });

  it('tell what the mouse does, and how the terminal selects text', () => {
    expect(toText('selection').slice(-2)).toEqual(['# Mouse', 'Shift-drag']);
    expect(toText('mouse').slice(-5)).toEqual(['# Mouse', 'Click', 'Wheel', 'Drag', 'Shift-drag']);
  });

  it('say why a key does nothing now, also when it belongs elsewhere', () => {
    const reasons = new Map(
      rows.flatMap((row) => (row.kind === 'key' ? [[`${row.binding.scope} ${row.binding.action}`, row.reason]] : [])),
    );
    expect(reasons.get('servers testServer')).toBe('no server is selected');
    expect(reasons.get('servers reloadServers')).toBeNull();
    expect(reasons.get('card approve')).toBe('only in: Approval card');
  });

  it.each([
    ['host key is the', ['# Servers', 'trustKey']],
    ['APPROVES exactly', ['# Approval card (elsewhere)', 'approveForSession']],
    ['^G editor', ['# Prompt (elsewhere)', 'editOutside']],
  ])('that %j finds stand below their headings', (text, found) => {
    expect(toText(text).slice(0, 2)).toEqual(found);
  });

  it.each(['zzz', 'approve zzz', 'ctrl-alt-q'])('have nothing for %j', (text) => {
    expect(toText(text)).toEqual([]);
  });
});

describe.each([
  [80, 24],
  [200, 50],
])('the help on %i×%i', (columns, rows) => {
  it('is searched by typing, and does what the chosen key does', async () => {
    world = openScreenWorld(columns, rows, (host) =>
      host.emit(
        { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
        { type: 'session.added', session: makeSession('S1') },
      ),
    );
    await world.press('\x1b');
    world.clock.advance(100);
    await world.press('?');
    expect(await world.screen()).toMatch(/■ Keys[\s\S]*Conversation[\s\S]*c +Opens a new session/);
    await world.press('shows the audit log');
    expect(await world.screen()).toMatch(/3 +Shows the audit log\./);
    expect(await world.screen()).not.toContain('thoughts');
    await world.press('\r');
    expect(await world.screen()).toContain('Audit 0');
    await world.press('?');
    await world.press('approves this request');
    await world.press('\r');
    expect(await world.hint()).toContain('approve: only in: Approval card');
    await world.press('?');
    expect(await world.screen()).not.toContain('■ Keys');
    expect(toKeyText('?')).toBe('?');
  });
});
