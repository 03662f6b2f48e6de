/** A person ends a command that runs: whoever asked for it is told so, the log says who, and a change of a file is never cut off. */
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { memoryWorld } from '../fixtures/memory-world.ts';

type World = ReturnType<typeof memoryWorld>;

const running = (world: World): Promise<string> =>
  new Promise((resolve) => world.gate.onActivity((activity) => activity.kind === 'running' && resolve(activity.id)));

describe('stopping', () => {
  it('ends a command, tells the agent that the operator did it, and records who', async () => {
    const world = memoryWorld();
    world.servers.run = (_argv, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ exitCode: null, ended: 'cancelled' }), { once: true });
      });
    const id = running(world);
    const answer = world.ask('remote_exec', { server: 'web-1', command: 'ok for long' });
    world.gate.stop(await id, 'operator@screen');
    expect(await answer).toMatchObject({
      code: 'CANCELLED',
      message:
        'The operator stopped it on web-1 while it ran; what it had done by then stays done. Ask before you run it again.',
    });
    expect(world.audit.entries.at(-1)).toMatchObject({ type: 'result', note: 'stopped by operator@screen' });
  });

  it('does not say so of a command that had ended by itself', async () => {
    const world = memoryWorld();
    let end = (): void => undefined;
    world.servers.run = () =>
      new Promise((resolve) => {
        end = () => resolve({ exitCode: 3 });
      });
    const id = running(world);
    const answer = world.ask('remote_exec', { server: 'web-1', command: 'ok' });
    world.gate.stop(await id, 'operator@screen');
    end();
    expect((await answer).message).not.toContain('operator');
  });

  it('refuses a change of a file, and what does not run any more', async () => {
    const world = memoryWorld();
    world.queue.onAdded(({ id }) =>
      world.queue.answer(id, { kind: 'approve', approver: 'operator@screen', grant: 'once' }),
    );
    let stopping: unknown;
    world.servers.beforeWrite = () => {
      const { id } = present(
        world.activities.findLast(({ kind }) => kind === 'running'),
        'It is being written.',
      );
      try {
        world.gate.stop(id, 'operator@screen');
      } catch (error) {
        stopping = error;
      }
    };
    const write = await world.ask('remote_write_file', { server: 'web-1', path: '/etc/app.conf', content: 'new\n' });
    expect(stopping).toMatchObject({ code: 'UNSUPPORTED' });
    expect(write.status).toBe('ok');
    expect(() => world.gate.stop(write.audit.id, 'operator@screen')).toThrow('Nothing runs as');
  });
});
