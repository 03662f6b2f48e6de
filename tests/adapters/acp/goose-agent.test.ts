/** An agent that works like goose, by the real gate and policy: whole shell lines are judged as they are, files go through the client's methods. */
import { afterEach, describe, expect, it } from 'vitest';
import { goose } from '../../../src/adapters/acp/catalogue/goose.ts';
import type { Approval } from '../../../src/core/approval/approval.ts';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { fixedPolicy } from '../../../src/core/policy/policy-source.ts';
import { listen } from '../../fixtures/agent-world.ts';
import { closeWorlds, open, script } from '../../fixtures/fixture-agent.ts';
import { memoryWorld } from '../../fixtures/memory-world.ts';

const program = new URL('../../fixtures/goose-agent.mjs', import.meta.url).pathname;
const approve = { kind: 'approve', approver: 'operator@screen', grant: 'once' } as const;
const deny = { kind: 'deny', approver: 'operator@screen', reason: 'use the blue one' } as const;

afterEach(closeWorlds);

/** @param answer to every card. */
async function stage(answer: typeof approve | typeof deny = approve, profile = goose) {
  const memory = memoryWorld({ policies: fixedPolicy(createPolicy()) });
  const cards: Approval[] = [];
  memory.queue.onAdded((card) => {
    cards.push(card);
    queueMicrotask(() => memory.queue.answer(card.id, answer));
  });
  const ran: (readonly string[])[] = [];
  memory.servers.run = async (argv) => {
    ran.push(argv);
    return { exitCode: 0 };
  };
  const agent = { ...profile, id: 'fixture', command: [process.execPath, program] };
  const { start } = await open(agent, undefined, { gate: memory.gate });
  const link = await start();
  const heard = listen(link);
  return { memory, link, cards, ran, results: () => heard.text() };
}

const line = (command: string): string => script({ shell: { command } });

describe('a shell line like goose sends them', () => {
  it.each(['uptime', 'df -h', 'systemctl status nginx', "grep -n 'port = 80' /etc/app.conf"])(
    'that only looks runs at once: %s',
    async (command) => {
      const { link, cards, ran, results } = await stage();
      await link.prompt(line(command));
      expect(cards).toEqual([]);
      expect(ran).toHaveLength(1);
      expect(ran[0]?.join(' ')).not.toContain('AGENT_SESSION_ID');
      expect(results()).toContain('exit code: 0');
    },
  );

  it.each([
    'systemctl restart nginx',
    'cat /etc/app.conf > /tmp/copy',
    'uptime; reboot',
    'echo $(id)',
    'AGENT_SESSION_ID=1 uptime',
    'cat /etc/shadow',
    'rm -rf /srv/app',
    'sh -c uptime',
  ])('that does more waits, as it was written, and does not run when it is denied: %s', async (command) => {
    const { link, cards, ran, results } = await stage(deny);
    await link.prompt(line(command));
    expect(cards).toHaveLength(1);
    const subject = cards[0]?.subject;
    // A simple command is shown as its words, anything else as the line.
    const shown = subject?.kind === 'command' ? (subject.line ?? subject.argv?.join(' ')) : null;
    expect(shown).toBe(command);
    expect(ran).toEqual([]);
    expect(results()).toContain('failed: ');
    expect(results()).toContain('use the blue one');
  });

  it('waits with the variables it is given, when they are not known to be the agent’s own', async () => {
    const { link, cards } = await stage(deny, { ...goose, ownVariables: [] });
    await link.prompt(line('uptime'));
    expect(cards[0]?.subject).toMatchObject({ argv: ['env', 'AGENT_SESSION_ID=agent-session', 'sh', '-c', 'uptime'] });
  });

  it('that takes longer than its model allowed is killed, and its terminal is released', async () => {
    const { link, memory, results } = await stage();
    memory.servers.run = (_argv, signal) =>
      new Promise((resolve) => {
        const end = (): void => resolve({ ended: 'cancelled', exitCode: null, signal: 'TERM' });
        signal.addEventListener('abort', end, { once: true });
      });
    await link.prompt(
      script(
        { shell: { command: 'journalctl -n 5', timeoutSecs: 0.05 } },
        { shell: { command: 'uptime', timeoutSecs: 0.05 } },
      ),
    );
    expect(results().match(/Command timed out/g)).toHaveLength(2);
    expect(results()).toContain('CANCELLED');
  });
});

describe('a file like goose handles them', () => {
  it('is read without a question, and written when its diff was approved', async () => {
    const { link, memory, cards, results } = await stage();
    memory.servers.files.set('/etc/app.conf', 'port = 80\n');
    const path = '/etc/app.conf';
    await link.prompt(script({ read: { path } }, { edit: { path, before: '80', after: '8081' } }, { read: { path } }));
    expect(cards.map((card) => card.subject)).toEqual([
      expect.objectContaining({ kind: 'write', path, diff: expect.stringContaining('+port = 8081') }),
    ]);
    expect(memory.servers.files.get(path)).toBe('port = 8081\n');
    expect(results()).toBe(`port = 80\nEdited ${path}port = 8081\n`);
  });

  it('stays as it is when the write is denied, and the reason reaches the model', async () => {
    const { link, memory, results } = await stage(deny);
    memory.servers.files.set('/etc/app.conf', 'port = 80\n');
    await link.prompt(script({ write: { path: '/etc/app.conf', content: 'port = 1\n' } }));
    expect(memory.servers.files.get('/etc/app.conf')).toBe('port = 80\n');
    expect(results()).toContain('use the blue one');
  });
});
