/** The operator's rules in the gate: a bad file stops everything, a lifted command is looked at before it runs, a change voids what was granted. */
import { describe, expect, it } from 'vitest';
import { Emitter } from '../../src/base/event.ts';
import { toWords } from '../../src/core/approval/queue.ts';
import { OperationError } from '../../src/core/codes.ts';
import { createPolicy } from '../../src/core/policy/create-policy.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { fixedPolicy, type PolicySource } from '../../src/core/policy/policy-source.ts';
import { ruleSet } from '../../src/core/policy/rules/rule-set.ts';
import { eventually } from '../fixtures/eventually.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';
import { policyWith } from './policy/rules/set-up.ts';

const bad: PolicySource = {
  current: () => Promise.reject(new OperationError('CONFIG_INVALID', 'policy.json, line 4, rule x: it is bad.')),
};
const tool = policyWith([{ command: 'mytool', operands: ['.+'] }]);

/** The files of these policies are swapped by hand; `noticed` is what happens when somebody reads them. */
function swapped(first: Policy): PolicySource & { swap(policy: Policy): void; noticed(): void } {
  let policy = first;
  const changed = new Emitter<void>();
  return {
    current: async () => policy,
    swap: (next) => void (policy = next),
    onChanged: changed.event,
    noticed: () => changed.fire(),
  };
}

const approveOnce = { kind: 'approve', grant: 'once', approver: 'operator@screen' } as const;
const same = policyWith([{ decision: 'reject', command: 'another' }]);
const allows = policyWith([{ command: 'mytool', operands: ['.+'] }]);
const rejects = policyWith([{ decision: 'reject', command: 'mytool' }]);
const asks = policyWith([{ decision: 'approval-required', command: 'uptime' }]);
const asksOtherwise = policyWith([
  { decision: 'reject', command: 'another' },
  { decision: 'approval-required', command: 'uptime' },
]);

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

describe('what waits while the policy changes', () => {
  const command = { server: 'web-1', command: 'mytool a' };
  const uptime = { server: 'web-1', command: 'uptime' };
  /** One card waits under the built-in policy alone. */
  async function waiting(operation = 'remote_exec', input: Record<string, unknown> = command, first = policyWith([])) {
    const policies = swapped(first);
    const world = memoryWorld({ policies });
    const cards: { readonly id: string; readonly reason: string; readonly rule: string }[] = [];
    const ends: string[] = [];
    world.queue.onAdded((card) => cards.push(card));
    world.queue.onRemoved(({ end }) => ends.push(toWords(end)));
    const asked = world.ask(operation, input);
    await eventually(() => expect(cards).toHaveLength(1));
    return { world, policies, cards, ends, asked };
  }

  it('stays when the new policy says the same, and the permit names the new one', async () => {
    const { world, policies, cards, ends, asked } = await waiting();
    policies.swap(same);
    policies.noticed();
    await new Promise(setImmediate);
    expect(ends).toEqual([]);
    world.queue.answer(cards[0]?.id ?? '', approveOnce);
    expect(await asked).toMatchObject({ status: 'ok' });
    expect(world.audit.last('permit')).toMatchObject({ policyHash: same.hash, approver: 'operator@screen' });
  });

  it('runs when a new rule allows it, by the rule and once', async () => {
    const { world, policies, cards, ends, asked } = await waiting();
    policies.swap(allows);
    policies.noticed();
    expect(await asked).toMatchObject({ status: 'ok', policy: { decision: 'auto-allow', rule: 'rule.r1' } });
    expect(ends).toEqual(['allowed by the changed policy (rule.r1)']);
    expect(world.audit.last('permit')).toMatchObject({ approver: 'policy', rule: 'rule.r1', policyHash: allows.hash });
    expect(world.journal.filter((step) => step === 'perform exec')).toHaveLength(1);
    expect(world.queue.answer(cards[0]?.id ?? '', approveOnce)).toMatchObject({ accepted: false });
  });

  it('is refused when a new rule rejects it', async () => {
    const { world, policies, ends, asked } = await waiting();
    policies.swap(rejects);
    policies.noticed();
    expect(await asked).toMatchObject({ code: 'POLICY_REJECTED', policy: { rule: 'rule.r1' } });
    expect(ends).toEqual(['rejected by the changed policy (rule.r1)']);
    expect(world.journal).not.toContain('perform exec');
  });

  it('is asked again when a new rule asks for another reason, and says so', async () => {
    const { world, policies, cards, asked } = await waiting('remote_exec', uptime, asks);
    policies.swap(asksOtherwise);
    policies.noticed();
    await eventually(() => expect(cards).toHaveLength(2));
    expect(cards[1]).toMatchObject({ rule: 'rule.r2', reason: expect.stringMatching(/^The policy changed while/) });
    world.queue.answer(cards[1]?.id ?? '', approveOnce);
    expect(await asked).toMatchObject({ status: 'ok' });
  });

  it.each<[string, Policy, string | undefined]>([
    ['rejected', policyWith([{ decision: 'reject', command: 'uptime' }]), 'POLICY_REJECTED'],
    ['asked again', asksOtherwise, undefined],
  ])('an approval that comes before anybody noticed the change is %s, not run', async (_title, policy, code) => {
    const { world, policies, cards, asked } = await waiting('remote_exec', uptime, asks);
    policies.swap(policy);
    world.queue.answer(cards[0]?.id ?? '', { ...approveOnce, grant: 'session' });
    if (code === undefined) {
      await eventually(() => expect(cards).toHaveLength(2));
      world.queue.answer(cards[1]?.id ?? '', { kind: 'deny', approver: 'operator@screen', reason: null });
    }
    expect((await asked).code).toBe(code ?? 'APPROVAL_DENIED');
    expect(world.journal).not.toContain('perform exec');
    // The grant that came with the void approval was not kept.
    policies.swap(asks);
    void world.ask('remote_exec', uptime);
    await eventually(() => expect(cards).toHaveLength(code === undefined ? 3 : 2));
    world.queue.close('the test ends');
  });

  it('a write goes on waiting when nothing is said of its file, and is a conflict when its file became a secret', async () => {
    const write = { server: 'web-1', path: '/srv/app/settings', content: 'x' };
    const first = await waiting('remote_write_file', write);
    first.policies.swap(same);
    first.policies.noticed();
    await new Promise(setImmediate);
    first.world.queue.answer(first.cards[0]?.id ?? '', approveOnce);
    expect(await first.asked).toMatchObject({ status: 'ok' });

    const second = await waiting('remote_write_file', write);
    second.policies.swap(createPolicy(ruleSet([], ['/srv/app/settings'])));
    second.policies.noticed();
    expect(await second.asked).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^The policy changed what it says of this file while the request waited/),
    });
    expect(second.world.journal).not.toContain('perform write-file');
  });
});
