/** What the demo agent says of a refusal: whole sentences, with the operator's own words in them. */
import { describe, expect, it } from 'vitest';
import { checklist, type Stage, toRefusalWords } from '../../../src/embedded/agent/stage.ts';
import type { ToolResult } from '../../../src/embedded/agent/tools.ts';
import { tour } from '../../../src/embedded/agent/tour.ts';

const denied: ToolResult = {
  ...{ status: 'error', code: 'APPROVAL_DENIED', message: '', stdout: '', data: {} },
  ranInstead: null,
};

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
  it('ends every step: the last one by itself, when it has said how to leave and how to stop', async () => {
    const { stage, plans, said } = record();
    await tour(stage);
    expect(plans).toEqual([0, 1, 2, 3, 4].map((done) => toPlan(done)));
    expect(said.join('')).toMatch(/`Ctrl-b d`[\s\S]*detaches[\s\S]*`npm run demo -- --stop`/);
  });

  it('names the way to the card wherever it asks for one of its keys', async () => {
    const { stage, said } = record();
    await tour(stage);
    const [second, third] = said.filter((part) => /^\s*\*\*[23]\./.test(part));
    expect(second).toContain('`Ctrl-b a` (inside tmux `Ctrl-] a`) goes to the card that waits, from anywhere.');
    expect(third).toContain('Go to the card with the same keys');
  });
});

function toPlan(done: number): readonly string[] {
  return [0, 1, 2, 3].map((step) => (step < done ? 'completed' : step === done ? 'in_progress' : 'pending'));
}

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
