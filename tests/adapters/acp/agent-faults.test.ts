/** Agents that talk rubbish, talk too much, die or will not die: each has a clear outcome. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { OperationError } from '../../../src/core/codes.ts';
import { limits } from '../../../src/core/limits.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { closeWorlds, fixture, isAlive, open, script } from '../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

describe('an agent that misbehaves', () => {
  it('by printing lines that are no messages is heard all the same, and named', async () => {
    const silence = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { start } = await open(fixture(['--chatter']));
    const link = await start();
    const heard = listen(link);
    const rubbish = [
      'oops',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":99,"result":{}}',
      '{"jsonrpc":"2.0","result":1}',
      'null',
      '[]',
    ];
    const unknown =
      '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"session-of-the-fixture","update":{"sessionUpdate":"dance"}}}';
    const shapeless = '{"jsonrpc":"2.0","method":"session/update","params":7}';
    await link.prompt(script(...[...rubbish, unknown, shapeless].map((raw) => ({ raw })), { say: 'still here' }));
    expect(heard.text()).toBe('still here');
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining('Welcome to the fixture!') });
    expect(heard.updates).toContainEqual({ kind: 'notice', text: expect.stringContaining('dance') });
    expect(silence).not.toHaveBeenCalled();
    silence.mockRestore();
  });

  it('by a line of ten megabytes is heard, its text cut with a note', async () => {
    const { start } = await open();
    const link = await start();
    const heard = listen(link);
    await link.prompt(script({ flood: 10 * 1024 * 1024 }, { say: 'end' }));
    expect(heard.text().length).toBeLessThan(limits.agentTextCharactersMax + 200);
    expect(heard.text()).toMatch(/signalbox left out \d+ more characters\]end$/);
  });

  it('by a line above the bound is ended, with the reason', async () => {
    const { start } = await open();
    const link = await start();
    const exit = new Promise<{ reason: string; expected: boolean }>((resolve) => link.onExit(resolve));
    await expect(link.prompt(script({ flood: limits.agentMessageBytesMax }, { hang: null }))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringContaining('longer than'),
    });
    expect(await exit).toMatchObject({ expected: false, reason: expect.stringContaining('longer than') });
  });

  const deaths = [
    ['leaving', [{ stderr: 'panic: out of memory\n' }, { exit: 7 }], /status 7: panic: out of memory/],
    ['a signal', [{ kill: 'SIGKILL' }], /signal SIGKILL/],
    ['leaving in silence', [{ exit: 0 }], /status 0, without a word/],
  ] as const;

  it.each(deaths)('by dying of %s ends the turn with the reason', async (_how, steps, words) => {
    const { start } = await open();
    const link = await start();
    const exits: { reason: string; expected: boolean }[] = [];
    link.onExit((exit) => exits.push(exit));
    await expect(link.prompt(script(...steps))).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(words),
    });
    await eventually(() => expect(exits).toEqual([{ expected: false, reason: expect.stringMatching(words) }]));
    await expect(link.prompt(script())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(link.cancel()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('shows no secret in its last words', async () => {
    const env = { PATH: process.env.PATH, MODEL_KEY: 'sk-model-4711-abc' };
    const { start } = await open(fixture([], { passEnv: ['MODEL_KEY'] }), undefined, { env });
    const link = await start();
    const dying = link.prompt(script({ stderr: 'bad key sk-model-4711-abc\n' }, { exit: 1 }));
    const error = await dying.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OperationError);
    expect(String(error)).toContain('bad key');
    expect(String(error)).not.toContain('4711');
    // Nor in what it shows of its stderr while it runs.
    const [last] = link.stderr;
    expect(last?.text).toContain('bad key');
    expect(last?.text).not.toContain('4711');
  });

  it('by ignoring the end of its input and TERM is killed with its children', async () => {
    const { start } = await open(fixture(['--ignore-end']));
    const link = await start();
    const heard = listen(link);
    const exit = new Promise<{ reason: string; expected: boolean }>((resolve) => link.onExit(resolve));
    await link.prompt(script({ child: null }));
    const child = Number(heard.text());
    expect(isAlive(child)).toBe(true);
    await link.dispose();
    expect(await exit).toEqual({ reason: 'ended by signalbox', expected: true });
    await eventually(() => expect(isAlive(child)).toBe(false));
  });
});
