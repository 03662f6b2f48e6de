/** What a command at a terminal says of the connection that its operation outlives: once when it is lost, once when it is there again. */
import { describe, expect, it } from 'vitest';
import { tellLostConnections } from '../../src/cli/lost-connections.ts';
import type { Mirror } from '../../src/client/mirror.ts';
import type { ServerView } from '../../src/protocol/view.ts';
import { FakeHost, makeServer } from '../fixtures/fake-host.ts';

function follow(operation: string, input: Readonly<Record<string, unknown>>) {
  const host = new FakeHost();
  const notes: string[] = [];
  const mirror: Pick<Mirror, 'view' | 'onChange'> = {
    get view() {
      return host.view;
    },
    onChange: (listener) =>
      host.onChange((event) => event.type !== 'snapshot' && listener({ event, view: host.view } as never)),
  };
  const note = (server: string, sentence: string): void => void notes.push(`${server}: ${sentence}`);
  const show = (fields: Partial<ServerView>): void =>
    host.emit({ type: 'server.changed', server: makeServer('web-1', fields) });
  show({});
  const told = tellLostConnections({ servers: ['web-1'], operation, input, note }, mirror);
  return { notes, show, told };
}

describe('a connection that is lost meanwhile', () => {
  it.each([
    ['durable_command', {}, '; the command goes on there'],
    ['remote_exec', { durable: true }, '; the command goes on there'],
    ['remote_write_file', {}, ''],
  ])('is told once and when it is there again: %s %j', (operation, input, goesOn) => {
    const { notes, show, told } = follow(operation, input);
    show({ state: 'lost', retryAtMs: 5_000 });
    show({ state: 'connecting', retryAtMs: 5_000 });
    show({ state: 'failed', retryAtMs: 9_000 });
    expect(notes).toEqual([`web-1: signalbox: The connection to web-1 is lost${goesOn}. Trying again.`]);
    show({ state: 'connected', retryAtMs: null });
    expect(notes.slice(1)).toEqual(['web-1: signalbox: The connection to web-1 is there again.']);
    told.dispose();
    show({ state: 'lost', retryAtMs: 5_000 });
    expect(notes).toHaveLength(2);
  });

  it('is not told where nothing waits for it', () => {
    const { notes, show } = follow('durable_command', {});
    show({ state: 'lost', retryAtMs: null });
    show({ state: 'connected' });
    expect(notes).toEqual([]);
  });
});
