/** The file that keeps where panes are: whole after every write, bounded, and never a reason for a screen not to start. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScreenLayouts } from '../../src/cli/screen-layouts.ts';
import { type Placement, plainPlacement } from '../../src/tui/placement.ts';
import type { SplitTree } from '../../src/tui/split-tree.ts';

let folder = '';
let problems: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-layouts-'));
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openScreenLayouts(join(folder, 'data'), (sentence) => problems.push(sentence));
const file = () => join(folder, 'data', 'screen-layouts.json');
const keep = (session: string, placement: Placement, usedAtMs = 1) => new Map([[session, { usedAtMs, placement }]]);

const tree: SplitTree = {
  ...{ kind: 'split', along: 'columns' },
  parts: [
    { share: 60, tree: { kind: 'pane', server: 'web-1' } },
    { share: 50, tree: { kind: 'pane', server: 'db-1' } },
  ],
};
const arranged: Placement = {
  ...{ arrangement: 'manual', scope: 'all', order: ['db-1', 'web-1'], hidden: ['x'], pinned: ['web-1'] },
  ...{ tree, shares: { columns: 400, rows: null }, zoomed: 'pane:web-1' },
};

describe('the file of layouts', () => {
  it('gives back what was written, to this screen and to the next one', () => {
    open().write(keep('S1', arranged));
    expect(open().read().get('S1')?.placement).toEqual(arranged);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'data'))).toEqual(['screen-layouts.json']);
    expect(problems).toEqual([]);
  });

  it('holds up to when panes were looked at beside the layouts, the later of one server', () => {
    const seen = (atMs: number) => new Map([['web-1', { atMs, printed: 3 }]]);
    open().write(keep('S1', arranged));
    open().writeSeen(new Map([...seen(1), ['db-1', { atMs: 1, printed: 0 }]]));
    open().writeSeen(seen(2));
    open().write(keep('S2', arranged));
    expect([...open().readSeen()]).toEqual([...seen(2), ['db-1', { atMs: 1, printed: 0 }]]);
    expect([...open().read().keys()]).toEqual(['S1', 'S2']);
  });

  it('is empty before anything was written, and nothing is said', () => {
    expect(open().read().size).toBe(0);
    expect(problems).toEqual([]);
    expect(existsSync(file())).toBe(false);
  });

  it('holds what two screens changed, and the later of one session', () => {
    const [one, two] = [open(), open()];
    one.write(keep('S1', arranged));
    two.write(keep('S2', arranged));
    one.write(keep('S1', plainPlacement));
    expect([...open().read()].map(([id, { placement }]) => [id, placement.arrangement])).toEqual([
      ['S1', 'grid'],
      ['S2', 'manual'],
    ]);
  });

  it('keeps the two hundred sessions that were used last', () => {
    const all = Array.from({ length: 250 }, (_, at) => [`S${at}`, { usedAtMs: at, placement: arranged }] as const);
    open().write(new Map(all));
    const kept = [...open().read().keys()];
    expect(kept.length).toBe(200);
    expect(kept).toContain('S249');
    expect(kept).not.toContain('S49');
  });

  const row = { session: 'S1', usedAtMs: 1, ...arranged };
  const pane = (server: string): SplitTree => ({ kind: 'pane', server });
  const twice = {
    ...tree,
    parts: [
      { share: 1, tree: pane('a') },
      { share: 1, tree: pane('a') },
    ],
  };
  let deep: unknown = pane('a');
  for (let at = 0; at < 40; at += 1)
    deep = {
      kind: 'split',
      along: 'rows',
      parts: [
        { share: 1, tree: deep },
        { share: 1, tree: pane(`p${at}`) },
      ],
    };
  it.each<[string, string | object]>([
    ['no JSON', '{"version":1,'],
    ['binary', '\u0000\u0001'],
    ['of another version', { version: 2, sessions: [] }],
    ['a list', []],
    ['without sessions', { version: 1 }],
    ['of more sessions than are kept', { version: 1, sessions: Array.from({ length: 201 }, () => row) }],
    ['of a session without a name', { version: 1, sessions: [{ ...row, session: '' }] }],
    ['of a time that is none', { version: 1, sessions: [{ ...row, usedAtMs: 'now' }] }],
    ['of an unknown layout', { version: 1, sessions: [{ ...row, arrangement: 'spiral' }] }],
    ['of an unknown scope', { version: 1, sessions: [{ ...row, scope: 'none' }] }],
    ['of a server that is a number', { version: 1, sessions: [{ ...row, order: [1] }] }],
    ['of more servers than are kept', { version: 1, sessions: [{ ...row, hidden: Array(300).fill('a') }] }],
    ['of an endless name', { version: 1, sessions: [{ ...row, pinned: ['a'.repeat(300)] }] }],
    ['of a share that is none', { version: 1, sessions: [{ ...row, shares: { columns: 0.5, rows: null } }] }],
    ['of a pane in two places', { version: 1, sessions: [{ ...row, tree: twice }] }],
    ['of splits without an end', { version: 1, sessions: [{ ...row, tree: deep }] }],
    ['of a split of nothing', { version: 1, sessions: [{ ...row, tree: { ...tree, parts: [] } }] }],
    ['of panes that are no list', { version: 1, sessions: [], seen: {} }],
    ['of a pane seen at no time', { version: 1, sessions: [], seen: [{ server: 'a', atMs: '1', printed: 0 }] }],
    ['far too large', JSON.stringify({ version: 1, sessions: [], more: 'x'.repeat(2_000_000) })],
  ])('that is %s is set aside with one sentence, and the screen begins anew', (_title, content) => {
    open().write(keep('S1', arranged));
    writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content));
    expect(open().read().size).toBe(0);
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(/^The layout of the panes begins anew, since .* cannot be read .*\.broken\.$/);
    expect(readdirSync(join(folder, 'data'))).toEqual(['screen-layouts.json.broken']);
    open().write(keep('S2', arranged));
    expect(JSON.parse(readFileSync(file(), 'utf8')).version).toBe(1);
  });

  it('says once that it cannot be written, and the screen goes on', () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    const store = open();
    store.write(keep('S1', arranged));
    store.write(keep('S1', plainPlacement));
    expect(problems.filter((sentence) => sentence.includes('cannot be kept')).length).toBe(1);
  });
});
