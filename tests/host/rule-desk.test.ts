/** Rules from cards with the real policy and real files: what is offered, what it would have done, and what is saved. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../src/core/approval/approval.ts';
import type { AuditOutcome, AuditRecord, AuditRow } from '../../src/core/audit/record.ts';
import type { Target } from '../../src/core/server.ts';
import { RuleDesk, type RuleDeskParts } from '../../src/host/rule-desk.ts';
import { createPolicySource } from '../../src/runtime/policy/create-policy-source.ts';
import { HandClock } from '../fixtures/hand-clock.ts';
import { memoryTarget } from '../fixtures/memory-world.ts';
import { plainRedactor } from '../fixtures/word-policy.ts';

let home: string;
let past: { readonly line: string; readonly server: string; readonly outcome: AuditOutcome }[];
const targets: readonly Target[] = [
  memoryTarget({ id: 'web-1' }),
  memoryTarget({ id: 'web-2' }),
  memoryTarget({ id: 'db-1', environment: 'production' }),
];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-desk-'));
  past = [];
});
afterEach(() => rmSync(home, { recursive: true }));

type Subject = Partial<Extract<Approval['subject'], { kind: 'command' }>>;

function open(line: string, more: Partial<Approval> = {}, subject: Subject = {}) {
  const approval = {
    ...{ id: 'c1', auditId: 'a-now', rule: 'command.unknown', target: targets[0], caller: { workspace: null } },
    subject: { kind: 'command', argv: line.split(' '), line: null, cwd: null, stdin: null, parts: [], ...subject },
    ...more,
  } as unknown as Approval;
  const clock = new HandClock();
  const paths = { policyFile: join(home, 'policy.json'), trustFile: join(home, 'trusted.json') };
  const policies = createPolicySource({ paths, clock });
  const rows = past.map(({ server, line: summary, outcome }, index) => ({ id: `p${index}`, server, summary, outcome }));
  const parts = {
    ...{ policies, clock, redactor: plainRedactor },
    approvals: { list: () => [approval] },
    registry: { list: async () => ({ servers: targets, broken: [], warnings: [] }) },
    audit: {
      page: async () => ({
        rows: [{ ...rows[0], id: 'a-now', summary: line } as AuditRow, ...(rows as AuditRow[])],
        total: 1,
      }),
      records: async (id: string) => {
        const found = past[Number(id.slice(1))];
        return [{ type: 'intent', id, line: found?.line ?? line } as AuditRecord];
      },
    },
  } as unknown as RuleDeskParts;
  return { desk: new RuleDesk(parts), policies };
}

const wordsOf = async (desk: RuleDesk) => (await desk.propose('c1')).steps.map(({ words }) => words);

describe('what is offered', () => {
  it('goes from the exact words outward, then forbids', async () => {
    expect(await wordsOf(open('systemctl restart nginx').desk)).toEqual([
      'Allow exactly this command on web-1',
      'Allow systemctl restart and any word on web-1',
      'Allow exactly this command on every staging server',
      'Allow systemctl restart and any word on every staging server',
      'Reject exactly this command on web-1',
      'Reject every systemctl on web-1',
    ]);
  });

  it('widens a path to its folder, and nothing else', async () => {
    const { desk } = open('mytool -v /srv/app/log/a.log');
    const { steps } = await desk.propose('c1');
    expect(steps[1]).toMatchObject({
      words: 'Allow mytool -v below /srv/app/log on web-1',
      text: expect.stringContaining('"operands": ["/srv/app/log/.+"]'),
    });
  });

  it('is exact and has an end for what reaches into a cluster', async () => {
    const { steps } = await open('kubectl get pods').desk.propose('c1');
    expect(steps[0]?.text).toMatch(/"exact": \["kubectl","get","pods"\]\n"expires": "1970-01-31"/);
    expect(steps.filter(({ decision }) => decision === 'auto-allow')).toHaveLength(2);
  });

  it.each<[string, string, Partial<Approval>]>([
    ['production', 'systemctl restart nginx', { target: targets[2] as Target }],
    ['what may end the way in', 'systemctl restart sshd', {}],
    ['a change of a cluster', 'kubectl delete pod a', {}],
    ['a secret', 'mytool /etc/shadow', {}],
  ])('only forbids for %s', async (_, line, more) => {
    const { steps } = await open(line, more).desk.propose('c1');
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.map(({ decision }) => decision)).not.toContain('auto-allow');
  });

  it.each<[string, string, Partial<Approval>, Subject, RegExp]>([
    ['a command that changes files', 'rm /srv/a', { rule: 'floor.write' }, {}, /nothing lifts that/],
    ['a line for a shell', 'a; b', {}, { argv: null, line: 'a; b' }, /simple commands/],
    ['a read-only server', 'mytool', { target: memoryTarget({ readonly: true }) }, {}, /read-only/],
    ['a write', 'x', { subject: { kind: 'write' } as Approval['subject'] }, {}, /Writes never get a rule/],
    ['a read', 'x', { subject: { kind: 'read' } as Approval['subject'] }, {}, /about commands/],
  ])('is nothing for %s, with the reason', async (_, line, more, subject, reason) => {
    const { steps, refusal } = await open(line, more, subject).desk.propose('c1');
    expect(steps).toEqual([]);
    expect(refusal).toMatch(reason);
  });

  it('allows nothing that comes with input', async () => {
    const { steps } = await open('mytool a', {}, { stdin: 'x' }).desk.propose('c1');
    expect(steps.map(({ decision }) => decision)).not.toContain('auto-allow');
  });

  it('leaves out what no dialog could show as a whole', async () => {
    const { steps } = await open(`mytool ${Array.from({ length: 200 }, (_, n) => `word${n}`).join(' ')}`).desk.propose(
      'c1',
    );
    expect(steps.map(({ words }) => words)).toEqual(['Reject every mytool on web-1']);
  });

  it('ends with the card', async () => {
    await expect(open('mytool').desk.propose('gone')).rejects.toThrow('does not wait any more');
  });
});

describe('the replay', () => {
  it('counts what each step would have decided, and what of it was denied', async () => {
    past = [
      { line: 'systemctl restart nginx', server: 'web-1', outcome: 'ok' },
      { line: 'systemctl restart nginx', server: 'web-2', outcome: 'denied' },
      { line: 'systemctl restart mysql', server: 'web-1', outcome: 'denied' },
      { line: 'systemctl restart nginx; id', server: 'web-1', outcome: 'ok' },
      { line: 'systemctl status nginx', server: 'web-1', outcome: 'ok' },
      { line: 'systemctl restart hunter', server: 'db-1', outcome: 'ok' },
      { line: 'systemctl set «redacted:0001»', server: 'web-1', outcome: 'ok' },
      { line: 'uptime', server: 'web-1', outcome: 'ok' },
      { line: 'systemctl restart nginx', server: 'gone', outcome: 'ok' },
    ];
    const { steps } = await open('systemctl restart nginx').desk.propose('c1');
    expect(steps.map(({ replay }) => [replay.matched, replay.denied, replay.unknown])).toEqual([
      [1, 0, 1],
      [2, 1, 1],
      [2, 1, 1],
      [3, 2, 1],
      // The line that also runs id is rejected, too.
      [2, 0, 1],
      [4, 1, 1],
    ]);
  });
});

describe('saving', () => {
  it('writes exactly what was shown, with the reason, and it counts', async () => {
    const { desk, policies } = open('systemctl restart nginx');
    const { steps } = await desk.propose('c1');
    const [step] = steps;
    expect(await desk.add(step?.digest ?? '', 'harmless')).toBe(
      'Saved as rule allow-systemctl-restart; what waits is judged again.',
    );
    const { rules } = JSON.parse(readFileSync(join(home, 'policy.json'), 'utf8'));
    const shown = JSON.parse(`{${step?.text.split('\n').join(',')}}`);
    expect(rules).toEqual([{ ...shown, because: 'harmless' }]);
    const question = { kind: 'line', line: 'systemctl restart nginx', cwd: null, hasStdin: false } as const;
    const policy = await policies.current(null);
    expect(policy.decide(question, targets[0] ?? null).rule).toBe('rule.allow-systemctl-restart');
    const again = await desk.propose('c1');
    expect(again.steps[0]?.text).toContain('"id": "allow-systemctl-restart-2"');
  });

  it('is possible once, and only for what was offered', async () => {
    const { desk } = open('systemctl restart nginx');
    const { steps } = await desk.propose('c1');
    await desk.add(steps[0]?.digest ?? '', 'x');
    await expect(desk.add(steps[0]?.digest ?? '', 'x')).rejects.toThrow('not on offer');
    await expect(desk.add('0'.repeat(64), 'x')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
