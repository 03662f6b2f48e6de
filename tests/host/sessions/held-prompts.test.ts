/** Prompts that a host did not send before it ended, and files of a prompt that is taken back: nothing of them is lost. */
import { describe, expect, it } from 'vitest';
import { cliHost } from '../../cli/cli-host.ts';
import { openSession } from '../../fixtures/open-session.ts';

const attachments = [{ kind: 'file', name: 'a.log', mediaType: 'text/plain', text: 'line' }] as const;

/** A session whose agent works while three prompts wait. */
async function busy() {
  const opened = await openSession();
  const { agent, connection, id, until } = opened;
  agent.onPrompt = () => agent.untilEnded();
  await connection.call('session.prompt', { session: id, text: 'one' });
  await until((view) => view.sessions[id]?.state === 'working');
  for (const text of ['two', 'the password is hunter2', 'three'])
    await connection.call('session.prompt', { session: id, text });
  await connection.call('session.prompt', { session: id, text: 'with a file', attachments });
  return opened;
}

describe('prompts that were not sent before the host ended', () => {
  it('are kept, and sent by the command that the conversation names; what is not whole is never sent', async () => {
    const { id, host, again } = await busy();
    await host.stop('test');
    const next = await again();
    const session = () => next.mirror.view.sessions[id];
    expect(session()?.heldPrompts).toEqual([
      { text: 'two', isWhole: true },
      { text: expect.stringContaining('«redacted:'), isWhole: false },
      { text: 'three', isWhole: true },
      { text: 'with a file\n[attached: a.log]', isWhole: false },
    ]);
    expect(session()?.items.at(-1)).toMatchObject({ text: `To send them now: \`signalbox session resend ${id}\`.` });
    expect(next.agents.started).toEqual([]);
    const { cli } = await cliHost(next);
    const run = await cli(['session', 'resend', id]);
    expect(run).toMatchObject({ code: 0, stdout: `Session ${id} has 2 prompts now that were not sent before.\n` });
    expect(run.stderr).toMatch(
      /write it again: the password is .*redacted.*\n.*write it again: with a file \/ \[attached: a.log\]\n$/,
    );
    await next.until((view) => view.sessions[id]?.lastTurn?.number === 2);
    expect(next.agents.started[0]?.prompts.map((text) => text.split('\n').at(-1))).toEqual(['two', 'three']);
    expect(session()?.heldPrompts).toHaveLength(2);
    expect((await cli(['session', 'resend', id, '--drop'])).stdout).toBe('Dropped 2 prompts.\n');
    expect(session()?.heldPrompts).toEqual([]);
    expect(await cli(['session', 'resend', id])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has no prompt'),
    });
  });

  it('wait for as many hosts as it takes', async () => {
    const { id, host, again } = await busy();
    await host.stop('test');
    const second = await again();
    await second.host.stop('test');
    const third = await again();
    expect(third.mirror.view.sessions[id]?.heldPrompts).toHaveLength(4);
    const { items = [] } = third.mirror.view.sessions[id] ?? {};
    expect(items.filter((item) => item.kind === 'notice' && item.text.startsWith('To send them now'))).toHaveLength(1);
  });
});

describe('a prompt that is taken back', () => {
  it('comes with its files', async () => {
    const { connection, id, session } = await busy();
    const text = 'with a file\n[attached: a.log]';
    const taken = await connection.call('session.unqueue', { session: id, index: 3, text });
    expect(taken).toEqual({ attachments });
    expect(session()?.queuedPrompts).toHaveLength(3);
    expect(await connection.call('session.unqueue', { session: id, index: 0, text: 'two' })).toEqual({
      attachments: [],
    });
  });
});
