/** What an agent's call of one of our tools asks for: however agents name and wrap it, and nothing where it is not ours. */
import { describe, expect, it } from 'vitest';
import { AskedTools } from '../../../src/adapters/acp/asked-tools.ts';
import { limits } from '../../../src/core/limits.ts';

const exec = { server: 'web-1', argv: ['df', '-h'] };
const asked = { tool: 'remote_exec', server: 'web-1', summary: 'df -h' };

describe('a call of one of our tools', () => {
  it.each([
    ['by its name alone', { title: 'remote_exec', rawInput: exec }, asked],
    ['with the name of a server before it', { title: 'mcp__signalbox__remote_exec', rawInput: exec }, asked],
    ['by a name beside the title', { title: 'df', name: 'signalbox-remote_exec', rawInput: exec }, asked],
    ['with its input wrapped', { title: 'remote_exec', rawInput: { server: 'signalbox', arguments: exec } }, asked],
    [
      'of a file',
      { title: 'signalbox_remote_patch_file', rawInput: { server: 'web-1', path: '/etc/a', patch: '@@' } },
      { tool: 'remote_patch_file', server: 'web-1', summary: 'patch /etc/a' },
    ],
    [
      'of no server',
      { title: 'list_servers', rawInput: {} },
      { tool: 'list_servers', server: null, summary: 'list servers' },
    ],
    ['without its input', { title: 'remote_exec', rawInput: {} }, null],
    ['with an input that does not fit', { title: 'remote_exec', rawInput: { ...exec, sudo: true } }, null],
    ['of another tool', { title: 'bash', rawInput: exec }, null],
    ['without an id', { toolCallId: 7, title: 'remote_exec', rawInput: exec }, null],
  ])('%s', (_title, update, expected) => {
    expect(new AskedTools().note({ toolCallId: 'c1', ...update })).toEqual(expected);
  });

  it('may name its tool first and its input later', () => {
    const calls = new AskedTools();
    expect(calls.note({ toolCallId: 'c1', title: 'signalbox_remote_exec' })).toBeNull();
    expect(calls.note({ toolCallId: 'c2', rawInput: exec })).toBeNull();
    expect(calls.note({ toolCallId: 'c1', title: 'df of web-1', rawInput: exec })).toEqual(asked);
  });

  it('is forgotten when there were too many since', () => {
    const calls = new AskedTools();
    for (let at = 0; at <= limits.agentListEntriesMax; at += 1)
      calls.note({ toolCallId: `c${at}`, title: 'remote_exec' });
    expect(calls.note({ toolCallId: 'c0', rawInput: exec })).toBeNull();
    expect(calls.note({ toolCallId: 'c1', rawInput: exec })).toEqual(asked);
  });
});
