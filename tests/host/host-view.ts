/** Small words for tests of the host: one command, and what a view says of the last block. */
import type { View } from '../../src/protocol/view.ts';

export const exec = (command: string) => ({ operation: 'remote_exec', input: { server: 'web-1', command } });
export const lastBlock = (view: View, server = 'web-1') => view.panes[server]?.blocks.at(-1);
export const ended = (view: View) => {
  const block = lastBlock(view);
  return block?.state === 'ended' ? block : null;
};
