/** terminal/*: limits at the borders of characters, kill and release, several waiters, ids of nobody, and what outlives the command. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../../src/core/limits.ts';
import { type Answer, type Conformance, conformance } from '../../../fixtures/conformance.ts';
import { closeWorlds } from '../../../fixtures/fixture-agent.ts';

let world: Conformance;
let count = 0;
beforeAll(async () => {
  world = await conformance();
});
afterAll(closeWorlds);

const create = (params: object): object => ({ ask: { method: 'terminal/create', params } });
const about = (method: string, terminalId: string): object => ({
  ask: { method: `terminal/${method}`, params: { terminalId } },
});
/** The id that the next terminal of this agent gets. */
const nextId = (): string => `terminal-${++count}`;

function print(stdout: string, more: object = {}): void {
  world.memory.servers.run = async () => ({ stdout: Buffer.from(stdout), ...more });
}

/** Commands run until they are told to end. */
function hang(): void {
  world.memory.servers.run = (_argv, signal) =>
    new Promise((resolve) =>
      signal.addEventListener('abort', () => resolve({ ended: 'cancelled', exitCode: null, signal: 'TERM' }), {
        once: true,
      }),
    );
}

describe('terminal/output', () => {
  const cuts: readonly [string, number | null, string, boolean][] = [
    ['aäöü', 7, 'aäöü', false],
    ['aäöü', 6, 'äöü', true],
    ['aäöü', 5, 'öü', true],
    ['aäöü', 4, 'öü', true],
    ['aäöü', 1, '', true],
    ['aäöü', 0, '', true],
    ['x😀y', 5, '😀y', true],
    ['x😀y', 4, 'y', true],
    ['x😀y', 2, 'y', true],
    ['x€y', 3, 'y', true],
    ['', 0, '', false],
    ['aäöü', null, 'aäöü', false],
    ['line one\nline two\n', 9, 'line two\n', true],
  ];
  it.each(cuts)('of %j within %j bytes is %j', async (text, outputByteLimit, output, truncated) => {
    print(text);
    const id = nextId();
    const [, , given] = await world.turn(
      create({ command: 'ok', args: ['print'], outputByteLimit }),
      about('wait_for_exit', id),
      about('output', id),
      about('release', id),
    );
    expect(given).toEqual({ result: { output, truncated, exitStatus: { exitCode: 0, signal: null } } });
  });

  it('stays after the end until the terminal is released, as often as it is asked for', async () => {
    print('done\n', { exitCode: 3 });
    const id = nextId();
    const answers = await world.turn(
      create({ command: 'ok', args: ['x'] }),
      about('wait_for_exit', id),
      about('output', id),
      about('kill', id),
      about('output', id),
      about('wait_for_exit', id),
      about('release', id),
      about('output', id),
    );
    const output = { result: { output: 'done\n', truncated: false, exitStatus: { exitCode: 3, signal: null } } };
    const exit = { result: { exitCode: 3, signal: null } };
    expect(answers.slice(1, 7)).toEqual([exit, output, { result: {} }, output, exit, { result: {} }]);
    expect(answers[7]).toMatchObject({ error: { code: -32000, data: { code: 'INVALID_ARGUMENT' } } });
  });
});

describe('a command', () => {
  const lines: readonly [string, object, readonly string[]][] = [
    ['without arguments is a shell line', { command: 'ok a; ok b | ok c' }, ['sh', '-c', 'ok a; ok b | ok c']],
    ['with no arguments in a list is one, too', { command: 'ok a | ok b', args: [] }, ['sh', '-c', 'ok a | ok b']],
    ['that is one simple command is run as its words, as it was judged', { command: 'ok a b' }, ['ok', 'a', 'b']],
    ['with arguments is its words', { command: 'ok', args: ['a b', '$x', ''] }, ['ok', 'a b', '$x', '']],
  ];
  it.each(lines)('%s', async (_what, params, argv) => {
    const ran: (readonly string[])[] = [];
    world.memory.servers.run = async (words) => {
      ran.push(words);
      return {};
    };
    const id = nextId();
    const [created] = await world.turn(create(params), about('wait_for_exit', id), about('release', id));
    expect(created).toEqual({ result: { terminalId: id } });
    expect(ran).toEqual([argv]);
  });
});

describe('kill, release and waiters', () => {
  it('kill ends the command and answers all who wait; the id stays', async () => {
    hang();
    const id = nextId();
    const wait = { askLater: { method: 'terminal/wait_for_exit', params: { terminalId: id } } };
    const answers = await world.turn(
      create({ command: 'ok', args: ['sleep'] }),
      wait,
      wait,
      about('kill', id),
      about('output', id),
      about('release', id),
    );
    expect(answers.filter(({ result }) => (result as { exitCode?: unknown })?.exitCode === null)).toHaveLength(2);
    expect(answers).toContainEqual({
      result: { output: expect.stringContaining('CANCELLED'), truncated: false, exitStatus: expect.anything() },
    });
  });

  it('release ends the command, answers all who wait, and frees the id', async () => {
    hang();
    const id = nextId();
    const wait = { askLater: { method: 'terminal/wait_for_exit', params: { terminalId: id } } };
    const answers = await world.turn(
      create({ command: 'ok', args: ['sleep'] }),
      wait,
      wait,
      about('release', id),
      about('release', id),
      about('kill', id),
    );
    expect(answers.filter(({ result }) => (result as { exitCode?: unknown })?.exitCode === null)).toHaveLength(2);
    expect(answers.filter(({ error }) => error?.code === -32000)).toHaveLength(2);
  });

  it('a waiter that takes its request back is answered, and the command runs on', async () => {
    hang();
    const id = nextId();
    const answers = await world.turn(
      create({ command: 'ok', args: ['sleep'] }),
      { askAndCancel: { method: 'terminal/wait_for_exit', params: { terminalId: id } } },
      about('output', id),
      about('release', id),
    );
    expect(answers[1]).toMatchObject({ error: { code: -32800, data: { code: 'CANCELLED' } } });
    expect(answers[2]).toEqual({ result: { output: '', truncated: false } });
  });

  const methods = ['output', 'wait_for_exit', 'kill', 'release'];
  const ids = ['', 'terminal-0', 'terminal-999', 'toString', '__proto__', '../terminal-1'];
  it.each(methods.flatMap((method) => ids.map((id) => [method, id] as const)))(
    'terminal/%s of %j is refused',
    async (method, id) => {
      const [answer] = await world.turn(about(method, id));
      expect(answer).toMatchObject({ error: { code: -32000, data: { code: 'INVALID_ARGUMENT' } } });
    },
  );

  it('more than the bound are refused until one is released', async () => {
    print('');
    const made: string[] = [];
    const steps = Array.from({ length: limits.terminalsPerSessionMax }, () => {
      made.push(nextId());
      return create({ command: 'ok', args: ['x'] });
    });
    await world.turn(...steps);
    const more: Answer = await world.ask('terminal/create', { command: 'ok', args: ['x'] });
    expect(more).toMatchObject({ error: { data: { code: 'TOO_LARGE' } } });
    const [first = '', ...rest] = made;
    const answers = await world.turn(about('release', first), create({ command: 'ok', args: ['x'] }));
    expect(answers[1]).toEqual({ result: { terminalId: nextId() } });
    await world.turn(...[...rest, `terminal-${count}`].map((id) => about('release', id)));
  });
});

describe('a tool call that shows a terminal', () => {
  it('is linked to the command in the log, and to nothing when the terminal is the agent’s own', async () => {
    print('x\n');
    const id = nextId();
    const show = (terminalId: string): object => ({
      update: {
        sessionUpdate: 'tool_call',
        toolCallId: terminalId,
        title: 'run',
        content: [{ type: 'terminal', terminalId }],
      },
    });
    await world.turn(create({ command: 'ok', args: ['x'] }), show(id), show('of-its-own'), about('release', id));
    const shown = world.updates.flatMap((update) => (update.kind === 'tool-call' ? (update.terminals ?? []) : []));
    const permitted = world.memory.audit.entries.findLast((entry) => entry.type === 'permit');
    expect(shown).toEqual([
      { id, server: 'web-1', operation: permitted?.id },
      { id: 'of-its-own', server: null, operation: null },
    ]);
  });
});
