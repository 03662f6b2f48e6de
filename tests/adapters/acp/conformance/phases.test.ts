/** Agents that die, stay silent, speak rubbish or say too much, in every phase of their life: one sentence each, and nothing left behind. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../../../src/base/clock.ts';
import type { AgentLink } from '../../../../src/core/agents.ts';
import { limits } from '../../../../src/core/limits.ts';
import { listen } from '../../../fixtures/agent-world.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { closeWorlds, fixture, open, script } from '../../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

/** Where an agent can fail before its session is open, with the switches that lead there. */
const phases: readonly [string, readonly string[], string | undefined][] = [
  ['initialize', [], undefined],
  ['session/new', [], undefined],
  ['session/load', ['--load'], 'old'],
  ['session/resume', ['--resume'], 'old'],
];
/** A clock on which this bound comes soon, and nothing else does. */
function hasty(boundMs: number): Clock {
  return { ...systemClock, after: (delayMs, call) => systemClock.after(delayMs === boundMs ? 300 : delayMs, call) };
}

async function start(
  switches: readonly string[],
  continueFrom?: string,
): Promise<{ readonly failed: unknown; readonly left: readonly string[] }> {
  const isSilent = switches.some((word) => word.endsWith('=silent'));
  const clock = isSilent ? hasty(limits.agentStartTimeoutMs) : systemClock;
  const { world } = await open(fixture(switches), undefined, { clock });
  const failed = await world
    .start({ id: 'fixture' }, continueFrom === undefined ? {} : { continueFrom })
    .catch((error: unknown) => error);
  if (failed instanceof Error) await eventually(() => expect(processesOf(world.paths.runtime)).toEqual([]));
  return { failed, left: processesOf(world.paths.runtime) };
}

function processesOf(runtime: string): readonly string[] {
  try {
    return readdirSync(join(runtime, 'agents'));
  } catch {
    return [];
  }
}

describe('while it starts', () => {
  const faults: readonly [string, string, object][] = [
    ['dies', 'die', { code: 'CONNECTION_LOST', message: expect.stringContaining('the license has expired') }],
    ['closes its output', 'close', { code: 'CONNECTION_LOST', message: expect.stringContaining('Fixture') }],
    ['stays silent', 'silent', { code: 'TIMEOUT', message: expect.stringContaining('did not answer within') }],
    ['says too much', 'flood', { code: 'CONNECTION_LOST', message: expect.stringContaining('Fixture') }],
    ['answers with an error', 'error', { code: 'INTERNAL', message: expect.stringContaining('out of order') }],
    ['answers with an error that is none', 'odd-error', { message: expect.stringContaining('Fixture') }],
  ];
  const table = phases.flatMap(([method, switches, from]) =>
    faults.map(([what, fault, error]) => [what, method, fault, switches, from, error] as const),
  );
  it.each(table)('an agent that %s at %s fails with a reason', async (_what, method, fault, switches, from, error) => {
    const { failed, left } = await start([...switches, `--at=${method}=${fault}`], from);
    // An old session that cannot be gone on with is no reason not to begin a new one.
    const isForgiven = from !== undefined && fault.endsWith('error');
    if (isForgiven) expect((failed as AgentLink).continuity).toBe('new');
    else expect(failed).toMatchObject(error);
    if (!isForgiven) expect(left).toEqual([]);
  });

  it.each([
    ['null', 'UNSUPPORTED'],
    ['7', 'UNSUPPORTED'],
    ['[]', 'UNSUPPORTED'],
    ['{"protocolVersion":"1"}', 'UNSUPPORTED'],
    ['{"protocolVersion":2}', 'UNSUPPORTED'],
    ['{"protocolVersion":0}', 'UNSUPPORTED'],
  ])('an agent that answers initialize with %s is refused', async (answer, code) => {
    expect((await start([`--answer=initialize=${answer}`])).failed).toMatchObject({ code });
  });

  it.each(['null', '7', '[]', '{}', '{"sessionId":""}', '{"sessionId":{}}'])(
    'an agent that answers session/new with %s is refused',
    async (answer) => {
      expect((await start([`--answer=session/new=${answer}`])).failed).toMatchObject({
        code: 'UNSUPPORTED',
      });
    },
  );

  it.each([
    '{"protocolVersion":1}',
    '{"protocolVersion":1,"agentInfo":7,"agentCapabilities":[],"authMethods":{}}',
    '{"protocolVersion":1,"agentInfo":{"name":7},"agentCapabilities":{"loadSession":"yes","promptCapabilities":7,"sessionCapabilities":null},"authMethods":[7,null,{"id":7},{}]}',
    '{"protocolVersion":1,"unknown":{"deep":[1]},"_meta":{"x":1}}',
  ])('an agent that answers initialize with %s can do nothing special, and works', async (answer) => {
    const { world } = await open(fixture([`--answer=initialize=${answer}`]));
    const link = await world.start({ id: 'fixture' });
    const { logins, ...abilities } = link.abilities;
    expect([Object.values(abilities).some(Boolean), logins]).toEqual([false, []]);
    expect(await link.prompt(script({ say: 'x' }))).toBe('end_turn');
  });
});

describe('while it runs', () => {
  const calls: readonly [string, (link: AgentLink) => Promise<unknown>][] = [
    ['session/prompt', (link) => link.prompt(script())],
    ['session/set_mode', (link) => link.setMode('code')],
    ['session/set_config_option', (link) => link.setOption('model', 'big')],
  ];

  it.each(
    calls.flatMap(([method, call]) => [
      ['die', method, call] as const,
      ['close', method, call] as const,
      ['flood', method, call] as const,
    ]),
  )('an agent that does "%s" at %s rejects, and its end is told once', async (fault, method, call) => {
    const { world } = await open(fixture([`--at=${method}=${fault}`]));
    const link = await world.start({ id: 'fixture' });
    const exits: unknown[] = [];
    link.onExit((exit) => exits.push(exit));
    await expect(call(link)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await eventually(() => expect(exits).toHaveLength(1));
    expect(exits).toMatchObject([{ expected: false }]);
    await expect(link.prompt(script())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it.each(calls.slice(1))(
    'a setting that gets no answer at %s is given up, and the agent works on',
    async (method, call) => {
      const { world } = await open(fixture([`--at=${method}=silent`]), undefined, {
        clock: hasty(limits.agentRequestTimeoutMs),
      });
      const link = await world.start({ id: 'fixture' });
      const heard = listen(link);
      await expect(call(link)).rejects.toMatchObject({ code: 'TIMEOUT' });
      expect(await link.prompt(script({ notified: null }))).toBe('end_turn');
      expect(heard.text()).toContain('$/cancel_request');
    },
  );

  it('a prompt whose cancellation is ignored is taken back, and its late answer is nobody’s', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { world } = await open(fixture(), undefined, { clock: hasty(limits.agentCancelGraceMs) });
    const link = await world.start({ id: 'fixture' });
    const heard = listen(link);
    const turn = link.prompt(script({ lateAnswer: null }));
    await heard.until(({ kind }) => kind === 'message');
    await link.cancel();
    expect(await turn).toBe('cancelled');
    expect(await link.prompt(script({ notified: null }))).toBe('end_turn');
    expect(heard.text()).toContain('$/cancel_request');
    expect(silence).not.toHaveBeenCalled();
    silence.mockRestore();
  });

  const answers = ['null', '7', '{}', '{"configOptions":7}', '{"configOptions":[7,null,{"id":"x"}]}'];
  it.each(answers)('settings that are answered with %s change nothing that is not there', async (answer) => {
    const { world } = await open(
      fixture([`--answer=session/set_config_option=${answer}`, `--answer=session/set_mode=${answer}`]),
    );
    const link = await world.start({ id: 'fixture' });
    const heard = listen(link);
    await link.setOption('model', 'big');
    await link.setMode('code');
    await link.prompt(script());
    expect(heard.updates.filter(({ kind }) => kind !== 'options')).toEqual([{ kind: 'mode', modeId: 'code' }]);
  });

  it('updates of kinds that do not exist, or of no kind, are told and end nothing', async () => {
    const { world } = await open();
    const link = await world.start({ id: 'fixture' });
    const heard = listen(link);
    const odd = [
      { sessionUpdate: 'dance' },
      {},
      { sessionUpdate: 7 },
      { sessionUpdate: 'plan', entries: 7 },
      { sessionUpdate: '__proto__' },
    ];
    await link.prompt(script(...odd.map((update) => ({ update })), { say: 'alive' }));
    expect(heard.text()).toBe('alive');
    expect(heard.updates.filter(({ kind }) => kind === 'notice')).toHaveLength(4);
  });
});
