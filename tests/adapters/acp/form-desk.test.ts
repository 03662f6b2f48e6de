/** Questions of an agent to its user: what can be shown is asked, what cannot is declined, and no answer reaches it twice. */
import { describe, expect, it } from 'vitest';
import { FormDesk } from '../../../src/adapters/acp/form-desk.ts';
import { checkAnswer, toFormFields } from '../../../src/adapters/acp/form-fields.ts';
import { toOptions } from '../../../src/adapters/acp/options.ts';
import type { AgentForm } from '../../../src/core/agents.ts';

const schema = {
  type: 'object',
  required: ['region'],
  properties: {
    region: { type: 'string', title: 'Region', oneOf: [{ const: 'eu', title: 'Europe' }] },
    count: { type: 'integer', minimum: 1, default: 3 },
    dry: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 2 },
    note: { type: 'string', maxLength: 10 },
  },
};

function openDesk() {
  const desk = new FormDesk();
  const forms: AgentForm[] = [];
  const withdrawn: string[] = [];
  desk.onForm((form) => forms.push(form));
  desk.onWithdrawn((id) => withdrawn.push(id));
  const abort = new AbortController();
  const ask = (params: unknown) => desk.handleRequest(params, abort.signal);
  return { desk, forms, withdrawn, abort, ask };
}

describe('fields', () => {
  it('of every kind that the protocol knows are read', () => {
    expect(toFormFields(schema)).toMatchObject([
      { name: 'region', title: 'Region', required: true, kind: 'choice', choices: [{ value: 'eu', title: 'Europe' }] },
      { name: 'count', title: 'count', required: false, kind: 'integer', initial: 3, hint: 'at least 1' },
      { name: 'dry', kind: 'switch', hint: null },
      { name: 'tags', kind: 'choices', choices: [{ value: 'a' }, { value: 'b' }], hint: 'at most 2 choices' },
      { name: 'note', kind: 'text', hint: 'at most 10 characters' },
    ]);
  });

  it.each([
    ['an object in an object', { properties: { a: { type: 'object' } } }],
    ['a field without a type', { properties: { a: {} } }],
    ['a field that is text', { properties: { a: 'text' } }],
    [
      'more fields than anybody fills in',
      { properties: Object.fromEntries([...Array(5_000).keys()].map((n) => [n, { type: 'string' }])) },
    ],
  ])('are refused as a whole for %s', (_what, bad) => expect(toFormFields(bad)).toBeNull());

  const fields = toFormFields(schema) ?? [];
  it.each([
    [{}, /"Region" needs a value/],
    [{ region: '' }, /"Region" needs a value/],
    [{ region: 'us' }, /"Region" takes one of its choices/],
    [{ region: 'eu', count: 1.5 }, /"count" takes at least 1/],
    [{ region: 'eu', count: '1' }, /"count"/],
    [{ region: 'eu', dry: 'yes' }, /"dry" takes yes or no/],
    [{ region: 'eu', tags: ['a', 'z'] }, /"tags"/],
    [{ region: 'eu', tags: 'a' }, /"tags"/],
    [{ region: 'eu', note: 7 }, /"note"/],
  ])('refuse %j', (values, words) => {
    expect(() => checkAnswer(fields, { action: 'accept', values })).toThrow(words);
  });

  it('take what fits, and leave out what is empty or was not asked', () => {
    const values = { region: 'eu', count: 2, note: '', tags: ['b'], other: 'x' };
    expect(checkAnswer(fields, { action: 'accept', values })).toEqual({
      action: 'accept',
      values: { region: 'eu', count: 2, tags: ['b'] },
    });
  });
});

describe('the desk', () => {
  it('hands a form to a person and the answer to the agent', async () => {
    const { desk, forms, withdrawn, ask } = openDesk();
    const answer = ask({ mode: 'form', message: 'Where?', sessionId: 's', requestedSchema: schema });
    expect(forms).toMatchObject([{ message: 'Where?', url: null }]);
    const id = forms[0]?.id ?? '';
    expect(() => desk.answer(id, { action: 'accept', values: {} })).toThrow('needs a value');
    desk.answer(id, { action: 'accept', values: { region: 'eu', tags: ['a'] } });
    await expect(answer).resolves.toEqual({ action: 'accept', content: { region: 'eu', tags: ['a'] } });
    expect(() => desk.answer(id, { action: 'decline' })).toThrow('does not wait');
    expect(withdrawn).toEqual([]);
  });

  it('of another run of the agent knows no form of this one', () => {
    const [one, other] = [openDesk(), openDesk()];
    for (const { ask } of [one, other]) void ask({ mode: 'form', message: 'Where?', requestedSchema: schema });
    const id = one.forms[0]?.id ?? '';
    expect(() => other.desk.answer(id, { action: 'decline' })).toThrow('does not wait');
    one.desk.answer(id, { action: 'decline' });
    other.desk.cancelAll();
  });

  it.each([
    ['a mode from the future', { mode: 'video', message: 'Watch' }],
    ['fields it cannot show', { mode: 'form', requestedSchema: { properties: { a: { type: 'object' } } } }],
    ['a page that is a program', { mode: 'url', url: 'file:///bin/sh', elicitationId: 'e' }],
    ['a page that is no address', { mode: 'url', url: 'click here', elicitationId: 'e' }],
    ['nothing at all', null],
  ])('declines %s', async (_what, params) => {
    const { forms, ask } = openDesk();
    await expect(ask(params)).resolves.toEqual({ action: 'decline' });
    expect(forms).toEqual([]);
  });

  it('takes a page as answered when the agent says that it was completed', async () => {
    const { desk, forms, withdrawn, ask } = openDesk();
    const answer = ask({ mode: 'url', url: 'https://example.test/login', elicitationId: 'e7', message: 'Log in' });
    expect(forms).toMatchObject([{ url: 'https://example.test/login', fields: [] }]);
    desk.handleCompleted({ elicitationId: 'another' });
    expect(withdrawn).toEqual([]);
    desk.handleCompleted({ elicitationId: 'e7' });
    await expect(answer).resolves.toEqual({ action: 'accept', content: {} });
    expect(withdrawn).toEqual(forms.map(({ id }) => id));
  });

  it('cancels what waits when the request or the turn ends, and when nobody listens', async () => {
    const { desk, forms, withdrawn, abort, ask } = openDesk();
    const params = { mode: 'form', message: '', requestedSchema: schema };
    const first = ask(params);
    desk.cancelAll();
    await expect(first).resolves.toEqual({ action: 'cancel' });
    const second = ask(params);
    abort.abort();
    await expect(second).resolves.toEqual({ action: 'cancel' });
    expect(withdrawn).toEqual(forms.map(({ id }) => id));
    expect(new Set(withdrawn).size).toBe(2);
    await expect(new FormDesk().handleRequest(params, new AbortController().signal)).resolves.toEqual({
      action: 'cancel',
    });
  });
});

describe('options of a session', () => {
  it('are read with groups and switches; what is malformed is left out', () => {
    const model = { id: 'model', name: 'Model', category: 'model', type: 'select', currentValue: 'big' };
    const grouped = { group: 'g', name: 'Fast ones', options: [{ value: 'small', name: 'Small' }] };
    const update = toOptions([
      { ...model, options: [grouped, { value: 'big', name: 'Big' }, { name: 'no value' }] },
      { id: 'web', name: 'Web', type: 'boolean', currentValue: true },
      { id: 'broken', type: 'select', currentValue: true, options: [] },
      { name: 'no id', currentValue: 'x' },
      'text',
    ]);
    expect(update).toMatchObject({
      options: [
        {
          id: 'model',
          value: 'big',
          choices: [
            { value: 'small', group: 'Fast ones' },
            { value: 'big', group: null },
          ],
        },
        { id: 'web', value: true, choices: null },
      ],
    });
  });
});
