/**
 * The page that leads from nothing to a first prompt: four steps that tick themselves, each with rows to choose from. Pure; the pane moves
 * the choice and does what a row says.
 */

import type { AgentView, ServerView, View } from '../../protocol/view.ts';
import { keyWord } from '../key-words.ts';
import type { SshHost } from '../server-desk.ts';
import type { StyledLine } from '../styled.ts';
import { isDemoAgent, toAvailabilityToken, toOrderedAgents } from './agents.ts';
import type { Page } from './page.ts';
import { hasUnknownKey } from './server-trust.ts';
import type { TestState } from './servers.ts';
import { cell, clip, emptyLine, foreign, plain, span, wrap, wrapProse } from './text.ts';
import { toCount, toEnvironmentToken, toEnvironmentWord } from './words.ts';

export interface SetupFacts {
  readonly view: Pick<View, 'servers' | 'agents' | 'host' | 'sessions'>;
  readonly tests: ReadonlyMap<string, TestState>;
  /** Null until somebody looked. */
  readonly sshHosts: readonly SshHost[] | null;
}

/** What a row stands for; `ID` is a server's or an agent's. */
export type SetupRowId = 'import' | 'add' | `server:${string}` | `agent:${string}` | 'agents' | 'prompt';

export interface SetupRow {
  readonly id: SetupRowId;
  readonly label: StyledLine;
  /** Below the row, when there is more to say. */
  readonly note: string | null;
}

export interface SetupStep {
  readonly title: string;
  readonly isDone: boolean;
  /** How far it is where it could go further; absent: done is done. */
  readonly progress?: string;
  readonly rows: readonly SetupRow[];
  /** What the rows have no room for; absent for nothing. */
  readonly more?: string;
}

/** More are in the view that lists them all. */
const rowsMax = 5;

export function toSetupSteps(facts: SetupFacts): readonly SetupStep[] {
  const servers = Object.values(facts.view.servers).sort((a, b) => a.id.localeCompare(b.id));
  const tested = servers.filter((server) => isTested(server, facts.tests.get(server.id) ?? null));
  return [
    { title: 'Register a server', isDone: servers.length > 0, rows: toRegisterRows(facts) },
    {
      title: 'Test the connection, and trust its host key',
      isDone: tested.length > 0,
      ...(tested.length < servers.length ? { progress: `${tested.length} of ${servers.length} tested` } : {}),
      rows: servers.slice(0, rowsMax).map((server) => toServerSetupRow(server, facts.tests.get(server.id) ?? null)),
      ...(servers.length > rowsMax
        ? { more: `${servers.length - rowsMax} more in the Servers view (${keyWord('global', 'viewServers')})` }
        : {}),
    },
    { title: 'Have an agent ready', isDone: toReadyAgents(facts).length > 0, rows: toAgentRows(facts) },
    {
      title: 'Write the first prompt',
      isDone: Object.keys(facts.view.sessions).length > 0,
      rows: [{ id: 'prompt', label: [span('open a session, with its agent, its servers and a prompt')], note: null }],
    },
  ];
}

/** Null when a session can be opened now. `chosen`: with a ready agent that was chosen for it, whichever it is. */
export function whyNoPrompt(facts: SetupFacts, chosen: 'chosen' | 'any' = 'any'): string | null {
  if (Object.keys(facts.view.servers).length === 0) return 'register a server first';
  if (chosen === 'chosen' || toReadyAgents(facts).length > 0) return null;
  const demo = facts.view.agents.some(isReadyDemo) ? '; the demo agent above is there to try this with' : '';
  return `no agent is ready yet; log one in, or install one in the Agents view (${keyWord('global', 'viewAgents')})${demo}`;
}

/** Where only the file service is missing, commands and shells work, and an agent can begin. */
function isTested({ state, hostKey }: ServerView, test: TestState | null): boolean {
  if (test?.kind === 'done') return test.steps.every(({ ok, name }) => ok || name === 'Files');
  return state === 'connected' || (state === 'idle' && hostKey !== null);
}

function toRegisterRows({ sshHosts, view }: SetupFacts): readonly SetupRow[] {
  // Since they were looked for, another program may have registered some.
  const open = sshHosts?.filter(({ isRegistered, id }) => !isRegistered && !(id in view.servers)).length ?? 0;
  const found = sshHosts === null ? '' : open === 0 ? '  nothing there to import' : `  ${toCount(open, 'host')} found`;
  const importLabel = [span('import hosts of ~/.ssh/config'), span(found, open > 0 ? 'ok' : 'muted')];
  const rows: readonly SetupRow[] = [
    { id: 'import', label: importLabel, note: null },
    { id: 'add', label: [span('add one by hand')], note: null },
  ];
  return sshHosts !== null && open === 0 ? [...rows].reverse() : rows;
}

function toServerSetupRow(server: ServerView, test: TestState | null): SetupRow {
  const [word, token] = toServerStanding(server, test);
  return {
    id: `server:${server.id}`,
    label: [
      span(`${cell(foreign(server.id), 16)} `, 'title'),
      span(`${cell(toEnvironmentWord(server), 21)} `, toEnvironmentToken(server.environment)),
      span(word, token),
    ],
    note: toTestProblem(server, test),
  };
}

function toServerStanding(
  server: ServerView,
  test: TestState | null,
): readonly [string, 'ok' | 'warn' | 'danger' | 'accent' | 'muted'] {
  if (test?.kind === 'running') return ['testing the connection', 'accent'];
  if (isTested(server, test))
    return hasNoFiles(test) ? ['commands work, files do not', 'warn'] : ['the connection works', 'ok'];
  if (hasUnknownKey(server, test)) return [`${keyWord('firstRun', 'open')} shows its host key`, 'warn'];
  if (test !== null || server.problem !== null)
    return [`failed; ${keyWord('firstRun', 'open')} tests it, ${keyWord('firstRun', 'editServer')} edits`, 'danger'];
  return [`${keyWord('firstRun', 'open')} tests the connection`, 'muted'];
}

function hasNoFiles(test: TestState | null): boolean {
  return test?.kind === 'done' && test.steps.some(({ ok }) => !ok);
}

function toTestProblem(server: ServerView, test: TestState | null): string | null {
  if (test?.kind === 'running' || (isTested(server, test) && !hasNoFiles(test))) return null;
  if (hasUnknownKey(server, test)) return 'It answers, with a host key that nobody here has trusted yet.';
  if (test?.kind === 'failed') return test.message;
  return test?.steps.find(({ ok }) => !ok)?.detail ?? server.problem;
}

/** The bundled script is no agent to work with, but in the demo. */
function toReadyAgents({ view }: SetupFacts): readonly AgentView[] {
  return view.agents.filter((agent) => agent.availability === 'ready' && (view.host.demo || !isDemoAgent(agent)));
}

function isReadyDemo(agent: AgentView): boolean {
  return isDemoAgent(agent) && agent.availability === 'ready';
}

/** The first agent that can be worked with. */
export function toReadyAgent(facts: SetupFacts): string | null {
  return toReadyAgents(facts)[0]?.id ?? null;
}

/** What the key that does a row does. */
const agentWords: Readonly<Record<string, string>> = {
  ready: 'opens a session with it',
  'needs login': 'logs it in, on this terminal',
  error: 'tries it once more',
  unknown: 'tries it',
};

function toAgentWords({ availability }: AgentView): string {
  const words = agentWords[availability];
  return words === undefined ? '' : `${keyWord('firstRun', 'open')} ${words}`;
}

/** Short: its row has little room at 80 columns. */
function toDemoWords(): string {
  return `${keyWord('firstRun', 'open')} opens a scripted session`;
}

function toAgentRows({ view }: SetupFacts): readonly SetupRow[] {
  const usable = toOrderedAgents(view).filter(
    (agent) =>
      agent.availability !== 'not installed' &&
      agent.availability !== 'disabled' &&
      (view.host.demo || !isDemoAgent(agent)),
  );
  // Its requests pass the gate like all others: with it, cards can be learned on servers of one's own before any login.
  const demo = view.host.demo ? [] : view.agents.filter(isReadyDemo);
  const shown = [...usable.slice(0, rowsMax), ...demo];
  const more = view.agents.length - shown.length;
  const rows = shown.map(
    (agent): SetupRow => ({
      id: `agent:${agent.id}`,
      label: [
        span(`${cell(foreign(agent.label), 21)} `, 'title'),
        span(`${cell(foreign(agent.availability), 16)} `, toAvailabilityToken(agent.availability)),
        span(demo.includes(agent) ? toDemoWords() : toAgentWords(agent), 'muted'),
      ],
      note: null,
    }),
  );
  const none = usable.length > 0 ? '' : `no ${demo.length > 0 ? 'other ' : ''}agent was found; `;
  const label = [span(`${none}see all ${view.agents.length}, and install one`)];
  return more > 0 ? [...rows, { id: 'agents', label, note: null }] : rows;
}

export interface SetupLine {
  readonly line: StyledLine;
  /** The row that it belongs to; null for what cannot be chosen. */
  readonly row: SetupRowId | null;
}

export function toSetupLines(steps: readonly SetupStep[], chosen: SetupRowId | null, page: Page): readonly SetupLine[] {
  const lines: SetupLine[] = [];
  const say = (...said: readonly StyledLine[]): void => void lines.push(...said.map((line) => ({ line, row: null })));
  say(plain('Welcome to signalbox', 'title', { bold: true }));
  const intro =
    'An AI agent works on your servers over SSH; every request passes policy, your approval and the audit log. Four steps lead there:';
  say(...wrap([span(intro, 'muted')], page.columns), emptyLine);
  const current = steps.findIndex(({ isDone }) => !isDone);
  steps.forEach(({ title, isDone, progress = 'done', rows, more }, index) => {
    const [mark, token] = isDone ? ([page.glyphs.done, 'ok'] as const) : ([page.glyphs.pending, 'muted'] as const);
    const isCurrent = index === current;
    say([
      span(`${mark} `, token),
      span(`${index + 1}  ${title}`, isCurrent ? 'title' : 'text', isCurrent ? { bold: true } : {}),
      span(isDone ? `  ${progress}` : '', 'ok'),
    ]);
    for (const row of rows) {
      const sign = row.id === chosen ? span(`   ${page.glyphs.prompt} `, 'accent') : span('     ');
      lines.push({ line: clip([sign, ...row.label], page.columns, page.glyphs.ellipsis), row: row.id });
      if (row.note !== null) say(...wrapProse(row.note, 'danger', page.columns, plain('       '), plain('       ')));
    }
    if (more !== undefined) say(clip([span(`     ${more}`, 'muted')], page.columns, page.glyphs.ellipsis));
  });
  say(emptyLine, ...toFoot(page));
  return lines;
}

function toFoot(page: Page): readonly StyledLine[] {
  return wrap(
    [
      span('signalbox demo', 'code'),
      span(' shows everything on servers inside the program, with no network and no key; ', 'muted'),
      span(keyWord('global', 'help'), 'key'),
      span(' lists the keys.', 'muted'),
    ],
    page.columns,
  );
}

/** The one sentence of a screen that is too small for anything else. */
export function toTooSmallLines(page: Page): readonly StyledLine[] {
  return wrap([span('Too small: at least 20x5, better 80x24.')], page.columns);
}
