/** What the host does for the methods of shells. While an agent is not contained, only screens have shells: it could ask for one itself. */
import type { ShellMethods } from '../../protocol/shells.ts';
import type { Call, Engine } from '../request-handlers.ts';
import { refuseWhileUncontained } from '../uncontained.ts';

type ShellHandlers = {
  readonly [Name in keyof ShellMethods]: (
    engine: Engine,
    params: ShellMethods[Name]['params'],
    call: Call,
  ) => ShellMethods[Name]['result'] | Promise<ShellMethods[Name]['result']>;
};

export const shellHandlers: ShellHandlers = {
  'shell.open': ({ shells, store }, params, { client, workspace }) => {
    checkClient(client, store.view);
    return { id: shells.open(params, client, workspace) };
  },
  'shell.attach': async ({ shells, store }, { shell }, { client, signal, notify, waitingBytes }) => {
    checkClient(client, store.view);
    const found = shells.find(shell);
    const attached = found.attach({ send: (frame) => notify({ shell: frame }), waitingBytes });
    try {
      await Promise.race([found.ended, untilAborted(signal)]);
    } finally {
      attached.dispose();
    }
    return {};
  },
  'shell.type': ({ shells, store }, { shell, bytes }, { client }) => {
    checkClient(client, store.view);
    shells.find(shell).type(Buffer.from(bytes, 'base64'));
    return {};
  },
  'shell.resize': ({ shells }, { shell, columns, rows }) => {
    shells.find(shell).resize({ columns, rows });
    return {};
  },
  'shell.close': ({ shells }, { shell }) => {
    shells.close(shell);
    return {};
  },
};

function checkClient(client: Call['client'], view: Engine['store']['view']): void {
  if (client === 'cli') refuseWhileUncontained(view, 'use a shell', 'open `signalbox` and use it there.');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
