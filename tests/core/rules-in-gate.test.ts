/** The operator's rules in the gate: a bad file stops everything, a lifted command is looked at before it runs, a change voids what was granted. */
import { describe, expect, it } from 'vitest';
import { OperationError } from '../../src/core/codes.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { fixedPolicy, type PolicySource } from '../../src/core/policy/policy-source.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';
import { policyWith } from './policy/rules/set-up.ts';

const bad: PolicySource = {
  current: () => Promise.reject(new OperationError('CONFIG_INVALID', 'policy.json, line 4, rule x: it is bad.')),
};
const tool = policyWith([{ command: 'mytool', operands: ['.+'] }]);

/** The files of these policies are swapped by hand. */
function swapped(first: Policy): PolicySource & { swap(policy: Policy): void } {
  let policy = first;
  return { current: async () => policy, swap: (next) => void (policy = next) };
}

describe('a bad rule file', () => {
  it.each<[string, Record<string, unknown>]>([
    ['remote_exec', { command: 'uptime' }],
    ['remote_exec', { argv: ['uptime'] }],
    ['remote_read_file', { path: '/srv/a' }],
    ['remote_write_file', { path: '/srv/a', content: 'x' }],
    ['remote_patch_file', { path: '/srv/a', patch: '--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n' }],
    ['remote_list_dir', { path: '/srv' }],
    ['remote_list_dir', { path: '/srv', recursive: true }],
    ['remote_stat', { path: '/srv/a' }],
    ['remote_find', { path: '/srv', glob: '*' }],
  ])('stops %s %j before anything is looked at', async (operation, input) => {
    const world = memoryWorld({ policies: bad });
    const envelope = await world.ask(operation, { server: 'web-1', ...input });
    expect(envelope).toMatchObject({
      status: 'error',
      code: 'CONFIG_INVALID',
      message: 'policy.json, line 4, rule x: it is bad.',
      policy: { decision: 'none' },
      audit: { logWritten: true },
    });
    expect(world.audit.entries).toMatchObject([{ type: 'refused', code: 'CONFIG_INVALID' }]);
    expect(world.journal.filter((step) => !/audit|append|refused/.test(step))).toEqual([]);
    expect(world.queue.list()).toEqual([]);
  });

  it('does not hide which servers there are', async () => {
    const world = memoryWorld({ policies: bad });
    expect(await world.ask('list_servers', {})).toMatchObject({ status: 'ok' });
  });

  it('voids an approval that was given meanwhile', async () => {
    let isBad = false;
    const policies: PolicySource = { current: (workspace) => (isBad ? bad.current(workspace) : Promise.resolve(tool)) };
    const world = memoryWorld({ policies });
    world.queue.onAdded(({ id }) => {
      isBad = true;
      world.queue.answer(id, { kind: 'approve', grant: 'once', approver: 'operator@screen' });
    });
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'other a' });
    expect(envelope).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(world.journal).not.toContain('perform exec');
  });
});

describe('a command that a rule allows', () => {
  it('runs without a question, and the record names the rule and the policy', async () => {
    const world = memoryWorld({ policies: fixedPolicy(tool) });
    const envelope = await world.ask('remote_exec', { server: 'web-1', command: 'mytool /srv/a' });
    expect(envelope).toMatchObject({ status: 'ok', policy: { decision: 'auto-allow', rule: 'rule.r1' } });
    expect(world.audit.entries.find(({ type }) => type === 'permit')).toMatchObject({
      ...{ rule: 'rule.r1', policyHash: tool.hash, approver: 'policy', argv: ['mytool', '/srv/a'] },
    });
  });

  it('asks before it runs when a path leads to a secret, and runs once', async () => {
    const world = memoryWorld({ policies: fixedPolicy(tool) });
    world.servers.realPath = async (_, path) => (path === '/srv/link' ? '/etc/shadow' : path);
    const asked: string[] = [];
    world.queue.onAdded(({ id, reason }) => {
      asked.push(reason);
      expect(world.journal).not.toContain('perform exec');
      world.queue.answer(id, { kind: 'approve', grant: 'once', approver: 'operator@screen' });
    });
    await world.ask('remote_exec', { server: 'web-1', command: 'mytool /srv/link' });
    expect(asked).toEqual([expect.stringContaining('/srv/link is really /etc/shadow')]);
    expect(world.journal.filter((step) => step === 'perform exec')).toHaveLength(1);
  });
});

describe('a changed policy', () => {
  it('ends what was granted to a session', async () => {
    const policies = swapped(policyWith([]));
    const world = memoryWorld({ policies });
    let cards = 0;
    world.queue.onAdded(({ id }) => {
      cards += 1;
      world.queue.answer(id, { kind: 'approve', grant: 'session', approver: 'operator@screen' });
    });
    const ask = () => world.ask('remote_exec', { server: 'web-1', command: 'mytool a' });
    await ask();
    await ask();
    expect(cards).toBe(1);
    policies.swap(policyWith([{ decision: 'approval-required', command: 'mytool' }]));
    await ask();
    expect(cards).toBe(2);
  });

  it('counts for the next request, and a request keeps the policy it came under', async () => {
    const policies = swapped(tool);
    const world = memoryWorld({ policies });
    const first = world.ask('remote_exec', { server: 'web-1', command: 'mytool a' });
    await first;
    policies.swap(policyWith([{ decision: 'reject', command: 'mytool' }]));
    expect(await world.ask('remote_exec', { server: 'web-1', command: 'mytool a' })).toMatchObject({
      code: 'POLICY_REJECTED',
      policy: { rule: 'rule.r1' },
    });
    const hashes = world.audit.entries.map(({ policyHash }) => policyHash);
    expect(new Set(hashes).size).toBe(2);
  });
});
