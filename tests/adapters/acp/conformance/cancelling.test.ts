/** What is withdrawn: by the agent with $/cancel_request, by us with a cancelled turn; and what is asked for too late, or outside of a turn. */
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentForm, LocalPermissionRequest } from '../../../../src/core/agents.ts';
import { approve, conformance } from '../../../fixtures/conformance.ts';
import { closeWorlds, script } from '../../../fixtures/fixture-agent.ts';

afterEach(closeWorlds);

const permission = {
  method: 'session/request_permission',
  params: {
    toolCall: { toolCallId: 'c1', title: 'A local tool' },
    options: [
      { optionId: 'y', name: 'Yes', kind: 'allow_once' },
      { optionId: 'n', name: 'No', kind: 'reject_once' },
    ],
  },
};
const form = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Who?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
  },
};
const write = { method: 'fs/write_text_file', params: { path: '/etc/motd', content: 'x' } };
const create = { method: 'terminal/create', params: { command: 'reboot' } };
const cancelled = { result: { outcome: { outcome: 'cancelled' } } };

describe('a request that the agent takes back', () => {
  it.each([
    ['a write', write],
    ['a command', create],
  ])('%s loses its card and never happens', async (_what, request) => {
    const { turn, memory } = await conformance();
    const [answer] = await turn({ askAndCancel: request });
    expect(answer).toMatchObject({ error: { code: -32800, data: { code: 'CANCELLED' } } });
    expect(memory.queue.list()).toEqual([]);
    expect(memory.servers.files.size).toBe(0);
    expect(memory.journal.filter((line) => line.startsWith('perform'))).toEqual([]);
  });

  it('while its card is looked at takes the card away', async () => {
    const { link, card, memory, until } = await conformance();
    await link.prompt(script({ askLater: write }));
    const { id } = await card();
    await link.prompt(script({ cancelLast: null }));
    await until((update) => update.kind === 'message' && update.text.includes('"code":"CANCELLED"'));
    expect(memory.queue.list()).toEqual([]);
    expect(memory.queue.answer(id, approve).accepted).toBe(false);
    expect(memory.servers.files.size).toBe(0);
  });

  it('a command that runs already runs on: only kill and release end it', async () => {
    const { turn, memory } = await conformance();
    let ended = 'no';
    memory.servers.run = (_argv, signal) =>
      new Promise((resolve) => {
        signal.addEventListener(
          'abort',
          () => resolve({ ended: (ended = 'cancelled'), exitCode: null, signal: 'TERM' } as const),
          { once: true },
        );
      });
    const terminal = { terminalId: 'terminal-1' };
    const answers = await turn(
      { ask: { method: 'terminal/create', params: { command: 'ok', args: ['sleep'] } } },
      { cancelLast: null },
      { ask: { method: 'terminal/output', params: terminal } },
    );
    expect(answers[1]).toEqual({ result: { output: '', truncated: false } });
    expect(ended).toBe('no');
    await turn({ ask: { method: 'terminal/kill', params: terminal } });
    expect(ended).toBe('cancelled');
  });

  it('a question to the operator is answered with "cancelled", a form with "cancel", and both disappear', async () => {
    const { turn, link } = await conformance();
    const forms: AgentForm[] = [];
    const withdrawn: string[] = [];
    const asked: LocalPermissionRequest[] = [];
    link.onLocalPermission((request) => asked.push(request));
    link.onForm((one) => forms.push(one));
    link.onFormWithdrawn((id) => withdrawn.push(id));
    const [first, second] = await turn({ askAndCancel: permission }, { askAndCancel: form });
    expect(first).toEqual(cancelled);
    expect(second).toEqual({ result: { action: 'cancel' } });
    expect(withdrawn).toEqual(forms.map(({ id }) => id));
    // Answers that come after all change nothing.
    for (const { id } of asked) link.answerLocal(id, true);
  });
});

describe('a cancelled turn', () => {
  it('answers what waits, and everything that the agent asks for afterwards in it', async () => {
    const { link, card, memory, answers } = await conformance();
    const asked: LocalPermissionRequest[] = [];
    const forms: AgentForm[] = [];
    link.onLocalPermission((request) => asked.push(request));
    link.onForm((one) => forms.push(one));
    memory.servers.files.set('/etc/motd', 'hello\n');
    const late = [permission, form, write, create, { method: 'fs/read_text_file', params: { path: '/etc/motd' } }];
    const turn = link.prompt(script({ askLater: write }, { untilCancelled: null }, ...late.map((ask) => ({ ask }))));
    await card();
    await link.cancel();
    expect(await turn).toBe('cancelled');
    const refused = { error: { code: -32800, data: { code: 'CANCELLED', reason: expect.any(String) } } };
    expect(answers()).toMatchObject([refused, cancelled, { result: { action: 'cancel' } }, refused, refused, refused]);
    expect([asked, forms, memory.queue.list()]).toEqual([[], [], []]);
    expect(memory.journal.filter((line) => line.startsWith('perform'))).toEqual([]);
  });

  it('is over for good: the next one works as if nothing had been', async () => {
    const { link, ask, answers, card, memory } = await conformance();
    const turn = link.prompt(script({ untilCancelled: null }));
    await link.cancel();
    await turn;
    expect(answers()).toEqual([]);
    const asked = ask(write.method, write.params);
    memory.queue.answer((await card()).id, approve);
    expect(await asked).toEqual({ result: {} });
  });

  it('leaves terminals that ended readable', async () => {
    const { link, turn, answers } = await conformance();
    await turn({ ask: { method: 'terminal/create', params: { command: 'ok', args: ['x'] } } });
    const running = link.prompt(
      script({ untilCancelled: null }, { ask: { method: 'terminal/output', params: { terminalId: 'terminal-1' } } }),
    );
    await link.cancel();
    await running;
    expect(answers()).toMatchObject([{ result: { output: 'ok x\n' } }]);
  });

  it('twice is cancelled once, and without a turn nothing is', async () => {
    const { link, ask } = await conformance();
    await link.cancel();
    const turn = link.prompt(script({ untilCancelled: null }));
    await Promise.all([link.cancel(), link.cancel()]);
    expect(await turn).toBe('cancelled');
    expect(await ask('fs/read_text_file', { path: '/none' })).toMatchObject({ error: { code: -32002 } });
  });
});

describe('after a turn that ended by itself', () => {
  it('what the agent asks for goes the usual way: a card, and no shortcut', async () => {
    const { link, card, memory, until } = await conformance();
    await link.prompt(script({ askLater: write }));
    const { id, caller } = await card();
    expect(caller).toMatchObject({ session: 's1', agent: 'fixture', door: 'acp' });
    memory.queue.answer(id, approve);
    await until((update) => update.kind === 'message' && update.text === '{"result":{}}');
    expect(memory.servers.files.get('/etc/motd')).toBe('x');
  });

  it('a question of its own waits for a person, and ends with the agent', async () => {
    const { link } = await conformance();
    const asked = new Promise<LocalPermissionRequest>((resolve) => link.onLocalPermission(resolve));
    await link.prompt(script({ askLater: permission }));
    expect(await asked).toMatchObject({ title: 'A local tool' });
    await link.dispose();
  });
});

describe('questions of the agent in one turn', () => {
  it('keep their order and their answers apart, whatever comes first', async () => {
    const { link, answers, until } = await conformance();
    const asked: LocalPermissionRequest[] = [];
    link.onLocalPermission((request) => asked.push(request));
    const ask = (toolCallId: string): object => ({
      askLater: { ...permission, params: { ...permission.params, toolCall: { toolCallId } } },
    });
    const tool = (toolCallId: string): object => ({
      update: { sessionUpdate: 'tool_call', toolCallId, title: `Tool ${toolCallId}`, rawInput: { of: toolCallId } },
    });
    const turn = link.prompt(
      script(tool('a'), tool('b'), ask('b'), ask('a'), ask('unknown'), { untilCancelled: null }),
    );
    await expect.poll(() => asked.length).toBe(3);
    expect(asked.map(({ toolCallId, title, detail }) => [toolCallId, title, detail])).toEqual([
      ['b', 'Tool b', '{"of":"b"}'],
      ['a', 'Tool a', '{"of":"a"}'],
      ['unknown', expect.stringContaining('without a title'), expect.stringContaining('did not say')],
    ]);
    const [b, a, unknown] = asked.map(({ id }) => id);
    link.answerLocal(a ?? '', true);
    link.answerLocal(b ?? '', false);
    await until(({ kind }) => kind === 'message');
    await expect.poll(() => answers().length).toBe(2);
    expect(answers()).toEqual([
      { result: { outcome: { outcome: 'selected', optionId: 'y' } } },
      { result: { outcome: { outcome: 'selected', optionId: 'n' } } },
    ]);
    await link.cancel();
    await turn;
    await expect.poll(() => answers()[2]).toEqual(cancelled);
    link.answerLocal(unknown ?? '', true);
  });

  it('are shown as a form or a page; a completed page needs no answer, and other kinds are declined', async () => {
    const { link, turn, until } = await conformance();
    const withdrawn: string[] = [];
    link.onFormWithdrawn((id) => withdrawn.push(id));
    link.onForm((shown) => {
      if (shown.url === null) link.answerForm(shown.id, { action: 'accept', values: { name: 'Ada' } });
    });
    expect(await turn({ ask: form })).toEqual([{ result: { action: 'accept', content: { name: 'Ada' } } }]);
    const page = { mode: 'url', elicitationId: 'p', url: 'https://x.example', message: 'Open' };
    const done = { method: 'elicitation/complete', params: { elicitationId: 'p' } };
    await link.prompt(script({ askLater: { method: 'elicitation/create', params: page } }, { notify: done }));
    await until((update) => update.kind === 'message' && update.text.includes('"action":"accept","content":{}'));
    expect(withdrawn).toHaveLength(1);
    const odd = { ...form.params, mode: 'hologram' };
    const file = { ...page, url: 'file:///etc/passwd' };
    const answers = await turn(...[odd, file].map((params) => ({ ask: { method: 'elicitation/create', params } })));
    expect(answers.slice(-2)).toEqual([{ result: { action: 'decline' } }, { result: { action: 'decline' } }]);
  });
});
