/** Agents as the screen lists them: which come first, which one a new session takes, and what is said to be next. */
import { describe, expect, it } from 'vitest';
import { toEmptyView } from '../../../src/protocol/reduce.ts';
import type { AgentView, View } from '../../../src/protocol/view.ts';
import { toNewSessionForm } from '../../../src/tui/dialogs/session-dialogs.ts';
import { toAgentDetails, toOrderedAgents } from '../../../src/tui/present/agents.ts';
import { unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toSessionDetails } from '../../../src/tui/present/sessions.ts';
import { toText } from '../../../src/tui/present/text.ts';
import { makeAgent, makeServer, makeSession } from '../../fixtures/fake-host.ts';

function view(agents: readonly AgentView[], demo = false): View {
  const empty = toEmptyView({ pid: 1, version: '1', startedAtMs: 0, demo });
  return { ...empty, agents, servers: { 'web-1': makeServer('web-1') } };
}

const demo = makeAgent('demo');
const codex = makeAgent('codex');
const qwen = makeAgent('qwen', { availability: 'needs login' });
const kilo = makeAgent('kilo', { availability: 'probing' });
const goose = makeAgent('goose', { availability: 'not installed', installHint: 'See https://goose.example.' });
const off = makeAgent('off', { availability: 'disabled' });

describe('agents', () => {
  it.each([
    [
      'real ones that are ready first, the demo behind all that can start',
      false,
      [demo, goose, off, qwen, kilo, codex],
      'codex qwen kilo demo goose off',
    ],
    ['the demo where it stands, in the demo', true, [demo, goose], 'demo goose'],
    ['those of a kind as the catalogue has them', false, [makeAgent('z'), makeAgent('a')], 'z a'],
    [
      'one of an unknown state before those that cannot start',
      false,
      [goose, makeAgent('new', { availability: 'odd' })],
      'new goose',
    ],
    ['a disabled demo last', false, [makeAgent('demo', { availability: 'disabled' }), goose], 'goose demo'],
  ])('are listed: %s', (_name, isDemo, agents, expected) => {
    expect(
      toOrderedAgents(view(agents, isDemo))
        .map(({ id }) => id)
        .join(' '),
    ).toBe(expected);
  });
});

describe('a new session', () => {
  it.each([
    ['the first real one that is ready', [demo, qwen, codex], null, false, ['codex']],
    ['none where only the demo is ready', [demo, qwen], null, false, []],
    ['the demo in the demo', [demo], null, true, ['demo']],
    ['the demo when it was chosen', [demo, codex], 'demo', false, ['demo']],
  ])('takes %s', (_name, agents, chosen, isDemo, expected) => {
    const [field] = toNewSessionForm(view(agents, isDemo), chosen, () => Promise.resolve(null)).fields;
    expect(field).toMatchObject({ name: 'agent', chosen: expected });
  });

  it('marks the demo', () => {
    const [field] = toNewSessionForm(view([demo, codex]), null, () => Promise.resolve(null)).fields;
    const labels = field?.kind === 'one' ? field.options.map(({ label }) => toText(label)) : [];
    expect(labels.map((label) => label.includes('demo, scripted: not for real work'))).toEqual([false, true]);
  });
});

describe('the next step', () => {
  it.each([
    [goose, 'signalbox knows no package of it; it comes from elsewhere:\n See https://goose.example.'],
    [
      { ...goose, installHint: 'npm install --global x' },
      'I shows the command that installs it, and runs it when you say yes:\n npm install --global x',
    ],
    [qwen, 'l logs it in'],
    [off, 'e enables it.'],
  ])('stands within the first rows of the details', (agent, expected) => {
    const lines = toAgentDetails(agent, { columns: 96, nowMs: 0, glyphs: unicodeGlyphs }).slice(0, 4);
    expect(lines.map(toText).join('\n').replaceAll(/ +/g, ' ')).toContain(expected);
  });

  it.each([codex, demo, kilo])('is not said of one that needs none', (agent) => {
    expect(toAgentDetails(agent, { columns: 96, nowMs: 0, glyphs: unicodeGlyphs }).map(toText).join(' ')).not.toContain(
      'next',
    );
  });
});

describe('the end of stderr', () => {
  const nowMs = new Date(2026, 5, 2, 12).getTime();
  const page = { columns: 30, nowMs, glyphs: unicodeGlyphs };
  const at = (text: string, day: number, hour: number) => ({ text, atMs: new Date(2026, 5, day, hour).getTime() });
  const agents = [
    { id: 'codex', isRunning: true, stderr: [at('a quota is nearly used up', 2, 9), at('  at retry', 2, 10)] },
    { id: 'goose', isRunning: true },
  ];
  const older = [{ id: 'codex', isRunning: false, stderr: [at('bye', 1, 9)] }];

  it('stands below its session, by agent, with when it came', () => {
    const lines = toSessionDetails(makeSession('S1', { agents }), page).map(toText);
    const from = lines.findIndex((line) => line.startsWith('Last on stderr'));
    expect(lines.slice(from, from + 5)).toEqual([
      'Last on stderr  by codex',
      '09:00:00  a quota is nearly ¬',
      '          used up',
      '10:00:00    at retry',
      '',
    ]);
    expect(lines.join('\n')).not.toContain('by goose');
  });

  it('stands below its agent, the session where it wrote last first', () => {
    const sessions = [makeSession('S1', { agents: older, title: 'Old' }), makeSession('S2', { agents, title: 'New' })];
    const lines = toAgentDetails(codex, { ...page, columns: 80 }, sessions).map(toText);
    expect(lines.slice(-6)).toEqual([
      'Last on stderr  in New',
      '09:00:00  a quota is nearly used up',
      '10:00:00    at retry',
      '',
      'Last on stderr  in Old',
      '2026-06-01 09:00:00  bye',
    ]);
  });
});
