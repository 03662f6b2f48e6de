/** An agent's questions about itself reach the screens and their answers the agent; nobody can answer twice, and values stay out of the transcript. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentForm } from '../../src/core/agents.ts';
import { openSession } from '../fixtures/open-session.ts';

const form: AgentForm = {
  ...{ id: 'form-1', message: 'Which key?', url: null },
  fields: [
    {
      ...{
        name: 'key',
        title: 'Key',
        description: null,
        required: true,
        kind: 'text',
        choices: [],
        initial: null,
        hint: null,
      },
    },
  ],
};

describe('a form of the agent', () => {
  it('waits on the screens until it is answered; what was filled in is not kept', async () => {
    const { agent, connection, id, until, session, parts } = await openSession();
    agent.forms.fire(form);
    await until((view) => view.sessions[id]?.forms.length === 1);
    expect(session()).toMatchObject({ state: 'waiting for you', forms: [{ message: 'Which key?' }] });
    const answer = { action: 'accept', values: { key: 'hunter2-hunter2' } } as const;
    await connection.call('session.answerForm', { session: id, form: 'form-1', answer });
    await until((view) => view.sessions[id]?.forms.length === 0);
    expect(agent.formAnswers).toEqual([{ id: 'form-1', answer }]);
    expect(session()?.state).toBe('idle');
    const again = connection.call('session.answerForm', { session: id, form: 'form-1', answer });
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('answered already') });
    await connection.call('session.kill', { session: id });
    const transcript = readFileSync(join(parts.paths.sessionsFolder, `${id}.jsonl`), 'utf8');
    expect(transcript).toContain('"form-answer"');
    expect(transcript).not.toContain('hunter2');
  });

  it('stays when an agent that does not answer at present withdraws one of the same id', async () => {
    const { agent, agents, connection, id, until, session } = await openSession();
    await connection.call('session.switchAgent', { session: id, agent: { command: ['two'] } });
    agents.started[1]?.forms.fire(form);
    await until((view) => view.sessions[id]?.forms.length === 1);
    agent.withdrawnForms.fire('form-1');
    await connection.call('session.rename', { session: id, title: 'after it' });
    await until((view) => view.sessions[id]?.title === 'after it');
    expect(session()?.forms).toMatchObject([{ id: 'form-1' }]);
  });

  it('goes when the agent withdraws it, and with the end of its agent', async () => {
    const { agent, id, until, session } = await openSession();
    agent.forms.fire(form);
    await until((view) => view.sessions[id]?.forms.length === 1);
    agent.withdrawnForms.fire('form-1');
    await until((view) => view.sessions[id]?.forms.length === 0);
    agent.forms.fire({ ...form, id: 'form-2' });
    agent.exits.fire({ reason: 'gone', expected: false });
    await until((view) => view.sessions[id]?.state === 'restarting');
    expect(session()?.forms).toEqual([]);
  });
});

describe('what goes to the agent', () => {
  it('are values of its options, and attachments with a prompt', async () => {
    const { agent, connection, id, until, session } = await openSession();
    await connection.call('session.setOption', { session: id, option: 'model', value: 'big' });
    expect(agent.chosenOptions).toEqual([{ id: 'model', value: 'big' }]);
    const attachments = [{ kind: 'file', name: 'a.txt', mediaType: 'text/plain', text: 'hello' }] as const;
    await connection.call('session.prompt', { session: id, text: 'Read it', attachments });
    await until((view) => view.sessions[id]?.lastTurn);
    expect(agent.attachments).toEqual([attachments]);
    expect(session()?.items[0]).toMatchObject({ kind: 'user', text: 'Read it\n[attached: a.txt]' });
  });
});
