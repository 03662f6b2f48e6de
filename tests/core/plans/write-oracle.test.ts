/** Changes of files that may not be read without a question: before a person answers, nothing tells whether a guess about them is right. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Approval, ApprovalAnswer } from '../../../src/core/approval/approval.ts';
import { createPolicy } from '../../../src/core/policy/create-policy.ts';
import { fixedPolicy } from '../../../src/core/policy/policy-source.ts';
import { memoryWorld } from '../../fixtures/memory-world.ts';

type World = ReturnType<typeof memoryWorld>;

const secretFile = 'user=app\npassword=hunter2\n';
const at = '/srv/app/.env';
const patch = (line: string): string => `@@ -2 +2 @@\n-${line}\n+password=changed\n`;
const approve: ApprovalAnswer = { kind: 'approve', approver: 'operator@screen', grant: 'once' };
const deny: ApprovalAnswer = { kind: 'deny', approver: 'operator@screen', reason: null };

let world: World;
afterEach(() => world.gate.close(0));

async function askAbout(operation: string, input: object, answer: ApprovalAnswer, content: string | null = secretFile) {
  world = memoryWorld({ policies: fixedPolicy(createPolicy()) });
  if (content !== null) world.servers.files.set(at, content);
  const cards: Approval[] = [];
  world.queue.onAdded((card) => {
    cards.push(card);
    world.queue.answer(card.id, answer);
  });
  const envelope = await world.ask(operation, { server: 'web-1', path: at, ...input });
  return { envelope, cards };
}

const guesses: [title: string, operation: string, input: object, content: string | null][] = [
  ['a patch of a line that is there', 'remote_patch_file', { patch: patch('password=hunter2') }, secretFile],
  ['a patch of a line that is not', 'remote_patch_file', { patch: patch('password=guess') }, secretFile],
  ['a patch of part of a line', 'remote_patch_file', { patch: patch('password=h') }, secretFile],
  ['a patch of a file that is not there', 'remote_patch_file', { patch: patch('password=hunter2') }, null],
  ['the content that is there', 'remote_write_file', { content: secretFile }, secretFile],
  ['other content', 'remote_write_file', { content: 'password=guess\n' }, secretFile],
];

describe('a guess about a sensitive file', () => {
  it.each(guesses)('gets the same answer before anybody approved it: %s', async (_title, operation, input, content) => {
    const { envelope, cards } = await askAbout(operation, input, deny, content);
    expect(cards).toHaveLength(1);
    expect(cards[0]).toMatchObject({ rule: 'floor.sensitive-path', floor: true, sessionGrantPossible: false });
    expect(envelope).toMatchObject({ status: 'error', code: 'APPROVAL_DENIED' });
    expect(JSON.stringify(envelope)).not.toContain('context');
    expect(JSON.stringify(envelope)).not.toContain('already');
  });

  it('is shown as one that cannot be done, with the patch as it was sent', async () => {
    const { cards } = await askAbout('remote_patch_file', { patch: patch('password=guess') }, deny);
    const [card] = cards;
    expect(card?.subject).toMatchObject({ kind: 'write', diff: patch('password=guess'), afterText: null });
    expect(JSON.stringify(card?.subject)).toContain('approving it changes no byte');
  });

  it('is told once a person has approved, and changes nothing', async () => {
    const { envelope } = await askAbout('remote_patch_file', { patch: patch('password=guess') }, approve);
    expect(envelope).toMatchObject({ status: 'error', code: 'PATCH_FAILED', execution: { attempted: false } });
    expect(world.servers.files.get(at)).toBe(secretFile);
    expect(world.audit.entries.map(({ type }) => type)).not.toContain('permit');
  });

  it('that is right is a change like any other', async () => {
    const { envelope } = await askAbout('remote_patch_file', { patch: patch('password=hunter2') }, approve);
    expect(envelope.status).toBe('ok');
    expect(world.servers.files.get(at)).toBe('user=app\npassword=changed\n');
  });

  it('cannot be edited into something else', async () => {
    const edit: ApprovalAnswer = { kind: 'edit', approver: 'operator@screen', text: 'x' };
    const { envelope } = await askAbout('remote_patch_file', { patch: patch('password=guess') }, edit);
    expect(envelope).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(world.servers.files.get(at)).toBe(secretFile);
  });

  it('is answered at once for a file that may be read', async () => {
    world = memoryWorld({ policies: fixedPolicy(createPolicy()) });
    world.servers.files.set('/srv/app/main.ini', secretFile);
    const input = { server: 'web-1', path: '/srv/app/main.ini', patch: patch('password=guess') };
    expect(await world.ask('remote_patch_file', input)).toMatchObject({ code: 'PATCH_FAILED' });
    expect(world.queue.list()).toEqual([]);
  });
});
