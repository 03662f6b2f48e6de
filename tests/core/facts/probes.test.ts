/** The commands that tell what a server is: policy lets each run, and they exist for the program alone. */
import { describe, expect, it } from 'vitest';
import { probeNames, probes } from '../../../src/core/facts/probe-table.ts';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { memoryTarget, memoryWorld } from '../../fixtures/memory-world.ts';

describe('probes', () => {
  it.each(probeNames)('%s is a read that policy lets run', (name) => {
    const policy = createPolicy();
    const question = { kind: 'argv', argv: [...probes[name]], cwd: null, hasStdin: false } as const;
    for (const environment of ['production', 'staging', 'development'] as const)
      expect(policy.decide(question, memoryTarget({ environment })).outcome).toBe('auto-allow');
  });

  const program = {
    origin: 'program',
    door: 'engine',
    session: null,
    agent: null,
    servers: ['web-1'],
    workspace: null,
    readonly: true,
  } as const;
  const input = { server: 'web-1', probe: 'system' };
  const signal = new AbortController().signal;

  it.each(['agent', 'operator', 'external'] as const)('do not exist for an %s', async (origin) => {
    const { gate } = memoryWorld();
    const asked = await gate.perform({ operation: 'probe', input, caller: { ...program, origin }, signal });
    expect(asked).toMatchObject({ code: 'INVALID_ARGUMENT', execution: { attempted: false } });
  });

  it('are all that the program asks for', async () => {
    const { gate } = memoryWorld();
    const exec = { server: 'web-1', argv: ['ok'] };
    expect(await gate.perform({ operation: 'remote_exec', input: exec, caller: program, signal })).toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('ask nobody: what is not allowed is refused and recorded, and no card appears', async () => {
    const { gate, queue, audit } = memoryWorld();
    const cards: unknown[] = [];
    queue.onAdded((card) => cards.push(card));
    const asked = await gate.perform({ operation: 'probe', input, caller: program, signal });
    expect(asked).toMatchObject({ code: 'POLICY_REJECTED', message: expect.stringContaining('would ask a person') });
    expect(cards).toEqual([]);
    expect(audit.entries.at(-1)).toMatchObject({
      type: 'refused',
      tool: 'probe',
      origin: 'program',
      argv: probes.system,
    });
  });
});
