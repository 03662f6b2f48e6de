/** Every place of the screen with hostile text in every field: no byte of it acts on the terminal, nothing hides, and every border stays in its column. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/tui/keymap.ts';
import { bindings } from '../../../src/tui/keymap-table.ts';
import { actingCharacters, attackLine } from '../../fixtures/attacks.ts';
import { makeBlock, makeCard, makeWriteCard } from '../../fixtures/fake-host.ts';
import {
  hostile,
  hostileChange,
  hostileDiff,
  prepareHostile,
  toCommandSubject,
  toQuestion,
} from '../../fixtures/hostile-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

const escape = '\x1b';
/** What a frame of ours is made of; whatever else begins with a control would be a command of somebody else. */
const ours =
  /\x1b\[[0-9;]*m|\x1b\[\d+;\d+H|\x1b\[\?(?:7|25|1000|1002|1004|1006|1049|2004|2026)[hl]|\x1b\[\d*[CK]|\x1b\[2J|\x1b\[>1u|\x1b\[>4;1m|\x1b\]2;(?:\(\d+ waiting\) )?signalbox\x07|\x07/g;

interface Place {
  readonly name: string;
  /** The scope of keys that is open there. */
  readonly scope: Scope;
  readonly keys: readonly string[];
  /** A part of the screen that proves the place is there. */
  readonly shows: string;
  readonly card?: 'command' | 'write' | 'local' | 'form';
}

const card = ['\x02a'] as const;
const places: readonly Place[] = [
  { name: 'conversation and panes', scope: 'conversation', keys: [], shows: 'Plan' },
  {
    name: 'items that are chosen and unfolded',
    scope: 'conversation',
    keys: ['K', '\r', 'K', '\r', 'F', 'F'],
    shows: 'Plan',
  },
  { name: 'path to export to', scope: 'export', keys: ['X', 'PASTE'], shows: 'write it to' },
  { name: 'prompt with pasted text', scope: 'prompt', keys: ['i', 'PASTE'], shows: '\\x1b' },
  { name: 'commands of the agent', scope: 'prompt', keys: ['i', '/'], shows: 'Attaches a file' },
  { name: 'listing of a server', scope: 'prompt', keys: ['i', '@web-1:/', '\t'], shows: '\\x1b' },
  { name: 'path to attach', scope: 'attach', keys: ['i', '\x0f', 'PASTE'], shows: 'no such file' },
  { name: 'pane', scope: 'pane', keys: ['4', '\r', '\x02z', 'SETTLE', 'g'], shows: '$ ' },
  { name: 'output in a pane', scope: 'pane', keys: ['4', '\r', '\x02z', 'OUTPUT', 'G'], shows: 'THE_END' },
  {
    name: 'filter of a pane',
    scope: 'filter',
    keys: ['4', '\r', '\x02z', 'SETTLE', '&', 'PASTE'],
    shows: 'is not known',
  },
  {
    name: 'filtered pane',
    scope: 'pane',
    keys: ['4', '\r', '\x02z', 'SETTLE', '&', 'PASTE', '\r'],
    shows: 'That is no pattern',
  },
  { name: 'question to run again', scope: 'form', keys: ['4', '\r', '\x02z', 'SETTLE', '.'], shows: 'Run it again' },
  { name: 'shell', scope: 'shell', keys: ['4', '\r', 'SHELL', '\x02\t', 'SETTLE'], shows: 'THE_END' },
  { name: 'shell that has ended', scope: 'endedShell', keys: ['4', '\r', 'ENDED', '\x02\t'], shows: 'opens another' },
  { name: 'shell to close', scope: 'form', keys: ['4', '\r', 'SHELL', '\x02\t', '\x02x'], shows: 'Close the shell' },
  { name: 'copy mode', scope: 'copy', keys: ['4', '\r', '\x02z', 'OUTPUT', 'v', 'V', 'g'], shows: 'COPY lines' },
  { name: 'search in copy mode', scope: 'copySearch', keys: ['4', '\r', '/', 'PASTE'], shows: '\\x1b' },
  { name: 'find everywhere', scope: 'find', keys: ['4', '\r', '\x02f', '.'], shows: 'Find everywhere' },
  { name: 'command card', scope: 'card', keys: [...card, '\x02z'], shows: 'Run a command', card: 'command' },
  { name: 'write card', scope: 'card', keys: [...card, '\x02z'], shows: 'Change a file', card: 'write' },
  {
    name: 'only the diff of a card',
    scope: 'card',
    keys: [...card, '\x02z', 'v'],
    shows: 'only the diff',
    card: 'write',
  },
  { name: 'local card', scope: 'card', keys: [...card, '\x02z'], shows: 'LOCAL', card: 'local' },
  { name: 'question of an agent', scope: 'formCard', keys: [...card, '\x02z'], shows: 'Question 1 of 1', card: 'form' },
  {
    name: 'question that is answered',
    scope: 'agentForm',
    keys: [...card, 'a', 'PASTE', '\r'],
    shows: 'This is not a',
    card: 'form',
  },
  { name: 'queue of cards', scope: 'card', keys: ['2'], shows: 'Approval 1 of 1', card: 'command' },
  { name: 'explanation', scope: 'document', keys: [...card, 'x'], shows: 'Why it was stopped', card: 'command' },
  {
    name: 'denial with a reason',
    scope: 'form',
    keys: [...card, 'r', 'PASTE'],
    shows: 'Deny, and say why',
    card: 'command',
  },
  {
    name: 'approval on production',
    scope: 'form',
    keys: [...card, 'G', 'a', 'PASTE', '\r'],
    shows: 'That is not its id',
    card: 'command',
  },
  { name: 'rules', scope: 'form', keys: [...card, '+'], shows: 'Make a rule', card: 'command' },
  { name: 'the whole rule', scope: 'form', keys: [...card, '+', '\r'], shows: 'Save a rule', card: 'command' },
  { name: 'editor', scope: 'editor', keys: [...card, 'e'], shows: 'Edit', card: 'command' },
  {
    name: 'answered meanwhile',
    scope: 'news',
    keys: [...card, 'x', 'REMOVE'],
    shows: 'waits no longer',
    card: 'command',
  },
  { name: 'modes', scope: 'picker', keys: ['m', 'PASTE'], shows: 'Nothing has these letters' },
  { name: 'values of an option', scope: 'picker', keys: ['M'], shows: 'Enter sets it' },
  { name: 'all that waits', scope: 'picker', keys: ['W'], shows: 'To be looked at', card: 'form' },
  { name: 'agents to switch to', scope: 'picker', keys: ['S'], shows: 'Who answers' },
  { name: 'waiting prompts', scope: 'queue', keys: ['u'], shows: 'Waiting prompts 1' },
  { name: 'audit', scope: 'audit', keys: ['3'], shows: 'Audit 1' },
  { name: 'audit filter', scope: 'auditSearch', keys: ['3', '/', 'PASTE'], shows: '\\x1b' },
  { name: 'server search', scope: 'search', keys: ['4', '/', 'PASTE'], shows: '\\x1b' },
  { name: 'filtered audit', scope: 'audit', keys: ['3', '/', 'PASTE', '\r'], shows: 'only ' },
  { name: 'audit details', scope: 'auditDetail', keys: ['3', '\r'], shows: 'outcome' },
  { name: 'audit diff', scope: 'auditDetail', keys: ['3', '\r', 'v'], shows: 'only the diff' },
  { name: 'history of a file', scope: 'fileHistory', keys: ['CHANGE', '3', 'H'], shows: 'somebody' },
  { name: 'answer of verify', scope: 'audit', keys: ['3', 'V'], shows: '\\x1b' },
  { name: 'recording', scope: 'recording', keys: ['3', '\r', '\r'], shows: 'not what the log registered' },
  { name: 'rollback', scope: 'rollback', keys: ['3', 'R'], shows: 'Roll back' },
  { name: 'servers', scope: 'servers', keys: ['4', 't', '\x04'], shows: 'Servers 1' },
  { name: 'facts of a server', scope: 'servers', keys: ['4', 'f', '\x04', '\x04'], shows: 'web-1' },
  { name: 'call that takes long', scope: 'call', keys: ['4', 'STUCK', 't', ' ', ' '], shows: 'testing web-1' },
  { name: 'server to register', scope: 'form', keys: ['4', 'a', 'PASTE', '\r'], shows: 'An id has only' },
  { name: 'server to take out', scope: 'form', keys: ['4', 'D'], shows: 'Take a server out' },
  { name: 'filtered servers', scope: 'servers', keys: ['4', '/', 'PASTE', '\r'], shows: 'only with' },
  { name: 'host key', scope: 'form', keys: ['4', 'T', 'NOPQ\r'], shows: 'Host key' },
  { name: 'agents', scope: 'agents', keys: ['5', '\x04'], shows: 'Agents 1' },
  { name: "agent of one's own", scope: 'form', keys: ['5', 'a', 'PASTE', '\r'], shows: 'An id has only' },
  { name: 'agent to take out', scope: 'form', keys: ['5', 'D'], shows: 'Take an agent out' },
  { name: 'sessions', scope: 'sessions', keys: ['6', '\x04'], shows: 'Sessions 1' },
  { name: 'rename', scope: 'form', keys: ['6', 'r', '\r'], shows: 'Rename the session' },
  { name: 'changed servers', scope: 'form', keys: ['6', '!'], shows: 'Changed servers' },
  { name: 'kill', scope: 'form', keys: ['6', 'K'], shows: 'Kill the session' },
  { name: 'new session', scope: 'form', keys: ['6', 'c'], shows: 'New session' },
  { name: 'changes', scope: 'changes', keys: ['6', 'C'], shows: 'Changes of' },
  { name: 'open items', scope: 'openItems', keys: ['o', '\x04'], shows: 'Open items' },
  { name: 'durable commands', scope: 'durables', keys: ['4', 'd', '\x04'], shows: 'Durable commands' },
  { name: 'durable command to stop', scope: 'form', keys: ['4', 'd', 'x'], shows: 'Stop a durable command' },
  { name: 'command line', scope: 'palette', keys: [':', 'PASTE'], shows: 'no such command' },
  { name: 'what follows a command', scope: 'palette', keys: [':', 'mode '], shows: ': mode' },
  { name: 'entries of the palette', scope: 'palette', keys: [':', 'session'], shows: 'Commands' },
  { name: 'prompts written before', scope: 'history', keys: ['i', 'PASTE', '\r', '\x12'], shows: 'Prompts you wrote' },
  { name: 'unknown command', scope: 'conversation', keys: [':', 'PASTE', '\r'], shows: 'There is no command' },
  { name: 'help', scope: 'help', keys: ['?'], shows: 'Keys' },
  { name: 'notice of the host', scope: 'conversation', keys: ['NOTICE'], shows: '\\x1b' },
  { name: 'lost host', scope: 'conversation', keys: ['LOST'], shows: 'starts a host' },
];

let world: ScreenWorld;
const titles: string[] = [];

/** A shell on web-1 with hostile words around it; what it prints comes when the screen attaches. */
function addShell(state: 'open' | 'ended'): void {
  const { host } = world;
  const size = { columns: 40, rows: 10 };
  host.handlers['shell.attach'] = (_params, options) => {
    options?.onShell?.({ kind: 'restore', ...size, text: '' });
    options?.onShell?.({ kind: 'output', bytes: Buffer.from(`${attackLine}\r\nTHE_END`).toString('base64') });
    return new Promise(() => undefined);
  };
  const shell = {
    ...size,
    id: 'shell-1',
    server: 'web-1',
    title: 't',
    state,
    problem: 'p',
    startedAtMs: 0,
    watchers: 2,
  };
  host.emit({ type: 'shell.added', shell: hostile(shell) });
}

async function go({ keys, card: kind }: Place): Promise<void> {
  const production = { ...makeCard('c1').server, environment: 'production' as const };
  const gate =
    kind === 'write'
      ? makeWriteCard('c1', hostileDiff)
      : makeCard('c1', { server: production, subject: toCommandSubject() });
  const local = { id: 'L1', title: 't', detail: `${attackLine}\n${attackLine}`, unexpected: true };
  if (kind === 'local')
    world.host.emit({ type: 'session.changed', id: 'S1', change: { localCards: [hostile(local)] } });
  else if (kind === 'form')
    world.host.emit({ type: 'session.changed', id: 'S1', change: { forms: [hostile(toQuestion())] } });
  else if (kind) world.host.emit({ type: 'approval.added', card: hostile(gate) });
  await world.press(escape);
  world.clock.advance(1_000);
  for (const key of keys) {
    if (key === 'SETTLE') await world.terminal.until(keys.includes('SHELL') ? 'THE_END' : '%nm');
    else if (key === 'PASTE') world.terminal.paste(attackLine);
    else if (key === 'STUCK') world.host.handlers['server.test'] = () => new Promise(() => undefined);
    else if (key === 'CHANGE') world.host.handlers['audit.page'] = () => ({ rows: [hostileChange()], total: 1 });
    else if (key === 'REMOVE') world.host.emit({ type: 'approval.removed', id: 'c1', end: attackLine });
    else if (key === 'NOTICE')
      world.host.emit({ type: 'notice.added', notice: { id: 1, level: 'warn', text: attackLine, atMs: 0 } });
    else if (key === 'OUTPUT')
      world.host.emit({
        type: 'block.added',
        server: 'web-1',
        block: makeBlock('b2', { text: `${attackLine}THE_END` }),
      });
    else if (key === 'SHELL' || key === 'ENDED') addShell(key === 'SHELL' ? 'open' : 'ended');
    else if (key === 'LOST') world.host.setLink({ kind: 'lost', message: attackLine, attempt: 1 });
    else world.terminal.type(key);
    // Answers of the host and lazy parts come in later turns; only the last frame is waited for.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    world.clock.advance(301);
  }
}

/** Boxes whose sides are not where their corners are: text that took other cells than it was given. A line of input covers their last rows. */
function findBrokenBoxes(
  columns: number,
  screen: readonly string[],
  cellAt: (x: number, y: number) => string,
): readonly string[] {
  const broken: string[] = [];
  const corners = { '╭': '╰', '╮': '╯' } as const;
  const rows = screen.length;
  for (let y = 0; y < rows; y += 1) {
    // Reading a cell costs more than reading a row.
    if (!/[╭╮]/.test(screen[y] ?? '')) continue;
    for (let x = 0; x < columns; x += 1) {
      const end = corners[cellAt(x, y) as keyof typeof corners];
      if (end === undefined) continue;
      let bottom = y + 1;
      while (bottom < rows && /[│┃]/.test(cellAt(x, bottom))) bottom += 1;
      if (bottom < rows - 3 && !`${end}╭╮─`.includes(cellAt(x, bottom)) && !isInTitle(x, (at) => cellAt(at, bottom)))
        broken.push(`${x},${y}: ends in row ${bottom}`);
    }
  }
  return broken;
}

/** What lies above another box covers its side, with its title, too. */
function isInTitle(x: number, cellAt: (x: number) => string): boolean {
  let from = x;
  while (from >= 0 && !/[╭╮╰╯│┃]/.test(cellAt(from))) from -= 1;
  return cellAt(from) === '╭' && cellAt(from + 1) === '■';
}

/** Letters of other scripts, and signs that fonts of terminals have, are what a server printed; the emulator shows them. */
const actingInPane =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u115f\u3164\u{e0000}-\u{e0fff}]/u;

function expectUntouched({ name, keys }: Place): void {
  const screen = world.terminal.screenText().split('\n');
  const { terminal } = world;
  const acting = name === 'output in a pane' || keys.includes('SHELL') ? actingInPane : actingCharacters;
  expect(terminal.written.replace(ours, '').match(/[\x00-\x1f\x7f-\x9f].{0,9}/gu) ?? []).toEqual([]);
  expect(screen.join('').match(new RegExp(acting.source, 'gu')) ?? []).toEqual([]);
  expect(findBrokenBoxes(terminal.output.columns, screen, (x, y) => terminal.cell(x, y).text)).toEqual([]);
  expect(terminal.isAlternateScreen).toBe(true);
  expect(terminal.modes).toEqual({ paste: true, mouse: true, focus: true, wrap: false });
  expect(titles.every((title) => /^(?:\(\d+ waiting\) )?signalbox$/.test(title))).toBe(true);
}

describe.each([
  [80, 24],
  [200, 50],
])('hostile text in every field on %i×%i', (columns, rows) => {
  beforeEach(() => {
    titles.length = 0;
    world = openScreenWorld(columns, rows, prepareHostile);
    world.terminal.onTitle((title) => titles.push(title));
  });
  afterEach(() => world.dispose());

  it.each(places)('$name', async (place) => {
    await go(place);
    expect(await world.screen()).toContain(place.shows);
    expectUntouched(place);
  });
});

it('is shown in every scope of keys there is', () => {
  const none: readonly Scope[] = ['always', 'global', 'prefix', 'firstRun', 'opening'];
  const scopes = new Set(bindings.map(({ scope }) => scope));
  const shown = new Set([...none, ...places.map(({ scope }) => scope)]);
  expect([...scopes].filter((scope) => !shown.has(scope))).toEqual([]);
});
