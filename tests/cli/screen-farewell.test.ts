/** The line that a detached screen leaves: it promises nothing that does not run. */
import { describe, expect, it } from 'vitest';
import { toDemoCommands, toFarewell } from '../../src/cli/screen-farewell.ts';
import type { ShellView } from '../../src/protocol/view.ts';
import { makeSession } from '../fixtures/fake-host.ts';

const size = { columns: 80, rows: 24 };
const shell: ShellView = {
  ...{ id: 'shell-1', server: 'web-1', title: '', ...size, problem: null, startedAtMs: 0, watchers: 0 },
  state: 'open',
};
const sessions = { S1: makeSession('S1') };
const ended = { 'shell-1': { ...shell, state: 'ended' as const } };

const demo = toDemoCommands({});

describe('the line after a detach', () => {
  it.each([
    ['nothing', {}, {}, null, 'no session and no shell is open. `signalbox` opens'],
    ['a shell that ended', {}, ended, null, 'no session and no shell is open. `signalbox` opens'],
    [
      'nothing of the demo',
      {},
      {},
      demo,
      'no session and no shell is open. `signalbox demo` opens the screen again.\n`signalbox demo --stop` ends it, after which `signalbox demo` starts it anew.',
    ],
    ['a session', sessions, {}, null, 'agents and commands run on. `signalbox attach` brings'],
    ['a shell', {}, { 'shell-1': shell }, null, 'shells run on. `signalbox attach` brings'],
    ['both', sessions, { 'shell-1': shell }, demo, 'agents, commands and shells run on.\n`signalbox demo` brings'],
  ])('says what runs on: %s', (_name, ofSessions, shells, back, words) => {
    expect(toFarewell({ sessions: ofSessions, shells }, back)).toContain(words);
  });

  it('promises nothing of a host that is lost', () => {
    expect(toFarewell(null, null)).toBe('Detached; no host runs. `signalbox` starts one.');
  });

  it('names the script that started the demo', () => {
    const commands = toDemoCommands({ npm_lifecycle_event: 'demo' });
    expect(toFarewell({ sessions, shells: {} }, commands)).toMatch(
      /`npm run demo` brings .*\n`npm run demo -- --stop` ends it, after which `npm run demo` starts .*\n`node dist\/main\.cjs` begins/,
    );
  });
});
