/** What each part of the screen says, as tables: model in, lines out. */
import { describe, expect, it } from 'vitest';
import { toEmptyView } from '../../../src/protocol/reduce.ts';
import { toCardNote, toCardTitle, toExplainLines } from '../../../src/tui/present/card.ts';
import { toItemLines } from '../../../src/tui/present/conversation.ts';
import { toHintLine, toMessageLines } from '../../../src/tui/present/hint-line.ts';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toBlockFoot, toBlockHead, toEmptyPane, toPaneTitle } from '../../../src/tui/present/server-pane.ts';
import { toStatusLine } from '../../../src/tui/present/status-line.ts';
import { columnsOf, toText } from '../../../src/tui/present/text.ts';
import { makeBlock, makeCard, makeServer, makeSession, makeTool, makeWriteCard } from '../../fixtures/fake-host.ts';

const page: Page = { columns: 60, nowMs: 10_000, glyphs: unicodeGlyphs };
const view = toEmptyView({ pid: 1, version: '0.1.0', startedAtMs: 0, demo: false });
const gate = (fields = {}) => ({ kind: 'gate', id: 'c1', card: makeCard('c1', fields) }) as const;

describe('a server pane', () => {
  it.each([
    [makeServer('web-1', { environment: 'production' }), ' web-1  PRODUCTION  connected 12 ms '],
    [makeServer('web-1', { environment: 'staging', state: 'lost', latencyMs: null }), ' web-1 staging lost '],
    [
      makeServer('web-1', { environmentAssumed: true, environment: 'production' }),
      ' web-1  PRODUCTION (assumed)  connected 12 ms ',
    ],
    [makeServer('web-1', { readonly: true }), ' web-1 development connected 12 ms · read only '],
  ])('has a title with words', (server, expected) => {
    expect(toText(toPaneTitle({ id: 'web-1', server, pane: null }, page))).toBe(expected);
  });

  it.each([
    [{}, '✓ exit 0 · 0.3 s'],
    [{ status: 'error', code: 'NON_ZERO_EXIT', exitCode: 3 } as const, '✗ exit 3 · 0.3 s'],
    [{ status: 'error', code: 'TIMEOUT', exitCode: null, durationMs: 120_000 } as const, '✗ timeout · 2 min'],
    [{ status: 'error', code: 'APPROVAL_DENIED', exitCode: null } as const, '✗ denied'],
    [{ status: 'error', code: 'APPROVAL_EXPIRED', exitCode: null } as const, '✗ not answered in time'],
    [{ status: 'error', code: 'POLICY_REJECTED', exitCode: null } as const, '✗ refused by policy'],
    [{ status: 'error', code: 'CANCELLED', exitCode: null } as const, '✗ withdrawn'],
    [{ status: 'error', code: 'CANCELLED', exitCode: null, ranAtMs: 5 } as const, '✗ cancelled · 0.3 s'],
    [{ status: 'partial_failure', exitCode: null } as const, '▲ partly failed · 0.3 s'],
    [{ state: 'waiting', status: null } as const, '◆ waits for you'],
    [{ state: 'running', status: null, startedAtMs: 4_000 } as const, '● running 6.0 s'],
  ])('ends a block with %j as %s', (fields, expected) => {
    expect(toText(toBlockFoot(makeBlock('b', fields), page)[0] ?? [])).toBe(expected);
  });

  it.each([
    ['remote_read_file', 'read /etc/hosts', '→ read /etc/hosts'],
    ['remote_read_file', '/etc/hosts', '→ read file /etc/hosts'],
    ['remote_write_file', 'write /etc/hosts', '→ write /etc/hosts'],
  ])('shows a file operation as one line: %s %s', (tool, summary, expected) => {
    const lines = toBlockHead(makeBlock('b', { tool, summary, exitCode: null }), page).map(toText);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${expected} +✓ done`));
  });

  it('says what was skipped', () => {
    expect(
      toBlockHead(makeBlock('b', { text: 'x', skippedBytes: 3_145_728 }), page)
        .map(toText)
        .join(),
    ).toContain('skipped 3.0 MiB');
  });
});

describe('a pane without blocks', () => {
  it.each([
    [false, 'Nothing ran here yet.'],
    [true, 'Nothing ran here since the host started; the log has whatever ran before.'],
  ])('of a session that is older than the host (%s) says %j', (isHostNewer, words) => {
    expect(toEmptyPane({ id: 'w', server: null, pane: null, isHostNewer }, page).map(toText)).toEqual([words]);
  });
});

describe('the status line', () => {
  const session = makeSession('S1', { isolation: { state: 'NOT CONTAINED', reason: '' } });
  const model = {
    view: { ...view, sessions: { S1: session } },
    session,
    isZoomed: false,
    viewName: 'workspace',
    waiting: 2,
    connection: null,
  };

  it.each([80, 120, 200])('names what waits and how the agent is contained at %i columns', (columns) => {
    const line = toText(toStatusLine(model, { ...page, columns }));
    expect(line).toContain('2 waiting');
    expect(line).toContain('NOT CONTAINED');
    expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('says how many of the servers are those of the session', () => {
    const servers = { 'web-1': makeServer('web-1'), 'db-1': makeServer('db-1') };
    const wide = { ...page, columns: 120 };
    const words = (ids: readonly string[]): string =>
      toText(
        toStatusLine({ ...model, view: { ...view, servers }, session: makeSession('S1', { servers: ids }) }, wide),
      );
    expect(words(['web-1'])).toContain('1 of 2 servers, 2 connected');
    expect(words(['web-1', 'db-1'])).toContain(' 2 servers, 2 connected');
  });

  it('keeps the containment in every view, whatever else has to go', () => {
    const long = makeSession('S1', {
      title: 'A long title of a session',
      isolation: { state: 'isolated, host network', reason: '' },
    });
    const line = toText(
      toStatusLine(
        { ...model, session: long, isZoomed: false, viewName: 'approvals', waiting: 12 },
        { ...page, columns: 80 },
      ),
    );
    expect(line).toContain('isolated, host network');
  });

  it.each<[number, boolean, string]>([
    [90, false, ' signalbox  A long title of a session · isolated, host network · demo working · 0 servers'],
    [80, true, ' signalbox  A long title of a… · zoomed · isolated, host network · demo working'],
    [66, true, ' signalbox  A long title… · isolated, host network · demo working'],
  ])('at %i columns (zoomed: %s) gives a title what is left beside what the agent does', (columns, isZoomed, words) => {
    const long = makeSession('S1', {
      ...{ title: 'A long title of a session', state: 'working' },
      isolation: { state: 'isolated, host network', reason: '' },
    });
    const line = toStatusLine({ ...model, session: long, isZoomed, waiting: 0 }, { ...page, columns });
    expect(toText(line).trimEnd()).toBe(words);
  });

  it('of an agent that does not run says its state alone', () => {
    const isolation = { state: 'not running', reason: '' } as const;
    const starting = makeSession('S1', { agent: 'opencode', state: 'starting', isolation });
    const line = toText(toStatusLine({ ...model, session: starting }, { ...page, columns: 80 }));
    expect(line).toContain('opencode starting');
    expect(line).not.toContain('not running');
  });

  it('never is wider than the screen', () => {
    for (let columns = 20; columns < 200; columns += 1)
      expect(columnsOf(toStatusLine(model, { ...page, columns }))).toBeLessThanOrEqual(columns);
  });

  it('says when the host is away', () => {
    expect(toText(toStatusLine({ ...model, connection: 'host lost, try 3' }, page))).toContain('host lost, try 3');
  });
});

describe('the hint line', () => {
  const hints = [
    { action: 'approve', key: 'a', label: 'approve', disabled: 'scroll to the end first', isMain: true },
    { action: 'deny', key: 'd', label: 'deny', disabled: null, isMain: false },
    { action: 'edit', key: 'e', label: 'edit', disabled: 'only commands', isMain: false },
    { action: 'help', key: '?', label: 'help', disabled: null, isMain: false },
  ] as const;

  it('says why the main key does nothing, leaves out other useless ones, and always leads to the help', () => {
    expect(toText(toHintLine(hints, page))).toMatch(/^ a approve: scroll to the end first {2}d deny +\? help $/);
  });

  it('gives its whole place to a message', () => {
    expect(toMessageLines({ text: 'Denied.', token: 'ok' }, page).map(toText)).toEqual([' Denied.']);
  });
});

describe('a card', () => {
  it.each([
    [{ from: 0, to: 10, count: 10 }, ''],
    [{ from: 0, to: 10, count: 30 }, ' lines 1-10 of 30 · more below '],
    [{ from: 20, to: 30, count: 30 }, ' lines 21-30 of 30 · end '],
  ])('says what of it is in sight: %j', (progress, expected) => {
    expect(toText(toCardNote(gate(), progress, 'card', page))).toBe(expected);
  });

  it('says that only its diff is shown, and how to get back', () => {
    const place = { position: 1, count: 1, mark: 'unmarked' } as const;
    const wide: Page = { ...page, columns: 100 };
    expect(toText(toCardTitle(gate(), place, 'diff', wide))).toContain('only the diff');
    expect(toText(toCardTitle(gate(), place, 'card', wide))).not.toContain('diff');
    expect(toText(toCardNote(gate(), { from: 0, to: 1, count: 1 }, 'diff', wide))).toBe(' v shows the whole card ');
  });

  it.each([
    [makeCard('c', {}), 'operation   run systemctl restart nginx'],
    [makeWriteCard('c', '+a\n'), 'operation   change /etc/nginx/nginx.conf'],
    [
      makeCard('c', { subject: { kind: 'read', path: '/etc/shadow', realPath: '/etc/shadow' } }),
      'operation   read /etc/shadow',
    ],
  ])('explains what would be done with its verb', (card, expected) => {
    expect(toExplainLines({ kind: 'gate', id: 'c', card }, page).map(toText)[0]).toBe(expected);
  });

  it('says when it expires', () => {
    expect(toText(toCardNote(gate({ expiresAtMs: 310_000 }), { from: 0, to: 1, count: 1 }, 'card', page))).toBe(
      ' expires in 5 min ',
    );
  });

  it('names the server and the environment in its title', () => {
    const server = { id: 'db-1', address: 'a', environment: 'production', environmentAssumed: false } as const;
    expect(toText(toCardTitle(gate({ server }), { position: 1, count: 2, mark: 'marked' }, 'card', page))).toBe(
      ' ◆ Approval 1 of 2 ■ marked db-1  PRODUCTION  ',
    );
  });

  it('explains the rule, the floor and each part', () => {
    const subject = {
      kind: 'command',
      argv: null,
      line: 'ls; rm x',
      cwd: null,
      stdin: null,
      parts: [{ text: 'rm x', outcome: 'approval-required', reason: 'It removes a file.' }],
    } as const;
    const text = toExplainLines(gate({ floor: true, subject }), page)
      .map(toText)
      .join('\n');
    expect(text).toContain('default.unknown-command');
    expect(text).toContain('no rule can allow it');
    expect(text).toContain('approval-required: It removes a file.');
  });
});

describe('plain characters', () => {
  it('say the same without any drawing character', () => {
    const ascii: Page = { ...page, glyphs: asciiGlyphs };
    const lines = [
      ...toItemLines(makeTool(1, { status: 'failed', detail: 'x' }), ascii, 'folded'),
      ...toBlockFoot(makeBlock('b'), ascii),
      toCardTitle(gate(), { position: 1, count: 1, mark: 'marked' }, 'card', ascii),
      toStatusLine(
        { view, session: makeSession('S1'), isZoomed: false, viewName: 'audit', waiting: 1, connection: null },
        ascii,
      ),
    ];
    for (const line of lines) expect(toText(line)).toMatch(/^[\x20-\x7e]*$/);
  });
});
