/** What the demo agent says of a refusal: whole sentences, with the operator's own words in them. */
import { describe, expect, it } from 'vitest';
import { checklist, type Stage, toRefusalWords } from '../../../src/embedded/agent/stage.ts';
import type { ToolResult } from '../../../src/embedded/agent/tools.ts';
import { tour } from '../../../src/embedded/agent/tour.ts';

const denied: ToolResult = { status: 'error', code: 'APPROVAL_DENIED', message: '', stdout: '', data: {} };

function record(): { readonly stage: Stage; readonly plans: string[][]; readonly said: string[] } {
  const plans: string[][] = [];
  const said: string[] = [];
  const stage: Stage = {
    signal: new AbortController().signal,
    say: async (text) => void said.push(text),
    think: async () => undefined,
    plan: async (entries) => void plans.push(entries.map(({ status }) => status)),
    use: async () => ({ ...denied, message: 'The operator denied this request.' }),
  };
  return { stage, plans, said };
}

describe('a refusal', () => {
  it.each([
    ['The operator denied this request: after hours', '“The operator denied this request: after hours”. I leave it'],
    ['The operator denied this request.', '“The operator denied this request”. I leave it'],
  ])('%s is quoted in a whole sentence', (message, expected) => {
    expect(toRefusalWords({ ...denied, message })).toContain(expected);
  });
});

describe('the tour', () => {
  it('leaves its last step open, which only the reader can do', async () => {
    const { stage, plans } = record();
    await tour(stage);
    expect(plans.at(-1)).toEqual(['completed', 'completed', 'completed', 'in_progress']);
  });

  it('names the way to the card wherever it asks for one of its keys', async () => {
    const { stage, said } = record();
    await tour(stage);
    for (const text of said.filter((part) => /^\s*\*\*[23]\./.test(part))) expect(text).toContain('`Tab`');
  });
});

describe('a checklist', () => {
  it('ticks the steps before the current one', async () => {
    const { stage, plans } = record();
    const steps = checklist(stage, ['a', 'b']);
    await steps.at(1);
    await steps.done();
    expect(plans).toEqual([
      ['completed', 'in_progress'],
      ['completed', 'completed'],
    ]);
  });
});
