/** Interactive shells in the host: opened through the gate, typed into, resized, watched by several, and gone on without anybody. */
import { describe, expect, it } from 'vitest';
import type { HostConnection } from '../../../src/client/host-connection.ts';
import type { ShellFrame } from '../../../src/protocol/shells.ts';
import { runHost } from '../../fixtures/running-host.ts';

const terminal = { columns: 40, rows: 10, term: 'xterm-256color' };

/** What a client that is attached has received so far, as text. */
function watch(connection: HostConnection, shell: string) {
  const frames: ShellFrame[] = [];
  const stop = new AbortController();
  let wake = (): void => undefined;
  const ended = connection.call(
    'shell.attach',
    { shell },
    {
      signal: stop.signal,
      onShell: (frame) => {
        frames.push(frame);
        wake();
      },
    },
  );
  // A test that ends first closes the connection.
  ended.catch(() => undefined);
  const text = (): string =>
    frames
      .map((frame) =>
        frame.kind === 'output'
          ? Buffer.from(frame.bytes, 'base64').toString()
          : frame.kind === 'restore'
            ? frame.text
            : '',
      )
      .join('');
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere())
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  return { frames, stop, ended, text, has: (part: string) => until(() => text().includes(part)), until };
}

const typed = (text: string): string => Buffer.from(text).toString('base64');

describe('a shell', () => {
  it('opens through the gate, echoes what is typed, and goes when it ends', async () => {
    const { screen, world } = await runHost();
    const { connection, until } = await screen();
    const { id } = await connection.call('shell.open', { server: 'web-1', ...terminal });
    const seen = watch(connection, id);
    await seen.has('xterm-256color $ ');
    await connection.call('shell.type', { shell: id, bytes: typed('size\r') });
    await seen.has('40x10');
    expect(await until((view) => view.shells[id]?.state === 'open' && view.shells[id])).toMatchObject({
      server: 'web-1',
      watchers: 1,
    });
    await connection.call('shell.type', { shell: id, bytes: typed('exit 3\r') });
    await seen.ended;
    await until((view) => !view.shells[id]);
    expect(world.audit.entries.map(({ type, tool, exitCode }) => [type, tool, exitCode])).toEqual([
      ['intent', 'shell_open', undefined],
      ['permit', 'shell_open', undefined],
      ['result', 'shell_open', 3],
    ]);
  });

  it('goes on when its screen leaves, and looks the same to the next one', async () => {
    const { screen } = await runHost();
    const first = await screen();
    const { id } = await first.connection.call('shell.open', { server: 'web-1', ...terminal });
    const seen = watch(first.connection, id);
    await first.connection.call('shell.type', { shell: id, bytes: typed('print "red \\u001b[31mhere\\u001b[0m"\r') });
    await seen.has('here');
    first.connection.close();
    const second = await screen();
    const again = watch(second.connection, id);
    await again.has('red \x1b[31mhere');
    expect(again.frames[0]).toMatchObject({ kind: 'restore', columns: 40, rows: 10 });
    await second.connection.call('shell.type', { shell: id, bytes: typed('size\r') });
    await again.has('40x10');
  });

  it('has one size for all: who resized last counts, and the others are told', async () => {
    const { screen } = await runHost();
    const [one, other] = [await screen(), await screen()];
    const { id } = await one.connection.call('shell.open', { server: 'web-1', ...terminal });
    const seen = watch(one.connection, id);
    await seen.has('$ ');
    await other.connection.call('shell.resize', { shell: id, columns: 100, rows: 30 });
    await seen.until(() => seen.frames.some((frame) => frame.kind === 'size' && frame.columns === 100));
    await one.connection.call('shell.type', { shell: id, bytes: typed('size\r') });
    await seen.has('100x30');
  });

  it('keeps what was typed before it was there', async () => {
    const { screen } = await runHost();
    const { connection } = await screen();
    const opening = connection.call('shell.open', { server: 'web-1', ...terminal });
    const typing = connection.call('shell.type', { shell: 'shell-1', bytes: typed('size\r') });
    await Promise.all([opening, typing]);
    await watch(connection, 'shell-1').has('40x10');
  });

  it('is hung up by closing, and what became of one that failed stays until it is closed', async () => {
    const { screen, world } = await runHost();
    const { connection, until } = await screen();
    const { id } = await connection.call('shell.open', { server: 'web-1', ...terminal });
    await until((view) => view.shells[id]?.state === 'open');
    await connection.call('shell.close', { shell: id });
    await until((view) => !view.shells[id]);
    expect(world.audit.entries.at(-1)).toMatchObject({ type: 'result', code: 'CANCELLED' });
    const { id: lost } = await connection.call('shell.open', { server: 'nowhere', ...terminal });
    const failed = await until((view) => view.shells[lost]?.state === 'ended' && view.shells[lost]);
    expect(failed.problem).toContain('nowhere');
    await connection.call('shell.close', { shell: lost });
    await until((view) => !view.shells[lost]);
  });

  const refused = [
    ['a size of nothing', { server: 'web-1', ...terminal, columns: 0 }],
    ['a kind of terminal that is a command', { server: 'web-1', ...terminal, term: 'x; rm' }],
    ['a variable that changes what programs do', { server: 'web-1', ...terminal, env: { LD_PRELOAD: '/tmp/x' } }],
  ] as const;
  it.each(refused)('is not opened with %s', async (_what, params) => {
    const { connect } = await runHost();
    await expect((await connect()).call('shell.open', params)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('is not opened a fifth time on one server', async () => {
    const { connect } = await runHost();
    const connection = await connect();
    for (let count = 0; count < 4; count += 1) await connection.call('shell.open', { server: 'web-1', ...terminal });
    await expect(connection.call('shell.open', { server: 'web-1', ...terminal })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: 'web-1 has 4 shells open already; close one of them first.',
    });
  });

  it('cannot be asked for as an ordinary operation, where nobody could type', async () => {
    const { connect } = await runHost();
    const { envelope } = await (await connect('cli')).call('operation.perform', {
      operation: 'shell_open',
      input: { server: 'web-1', ...terminal },
    });
    expect(envelope).toMatchObject({ status: 'error', code: 'INVALID_ARGUMENT' });
  });

  it('ends with the host', async () => {
    const { screen, host, world } = await runHost();
    const { connection, until } = await screen();
    const { id } = await connection.call('shell.open', { server: 'web-1', ...terminal });
    await until((view) => view.shells[id]?.state === 'open');
    await host.stop('the test wants it');
    expect(world.audit.entries.at(-1)).toMatchObject({ type: 'result', tool: 'shell_open', code: 'CANCELLED' });
  });
});
