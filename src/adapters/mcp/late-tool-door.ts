/**
 * The MCP door, loaded when the first client comes: what it is made of takes a quarter of a host's start, and most hosts are started
 * before their first agent. It knows nothing of what is spoken behind it.
 */
import type { Duplex } from 'node:stream';
import { toDisposable } from '../../base/lifecycle.ts';
import type { CancellingToolDoor, ToolDoorOptions } from './create-tool-door.ts';

export function createLateToolDoor(options: ToolDoorOptions): CancellingToolDoor {
  let loading: Promise<CancellingToolDoor> | null = null;
  let door: CancellingToolDoor | null = null;
  const load = (): Promise<CancellingToolDoor> => {
    loading ??= import('./create-tool-door.ts').then(({ createToolDoor }) => {
      door = createToolDoor(options);
      return door;
    });
    return loading;
  };
  return {
    serve(stream, caller, hooks) {
      if (door) return door.serve(stream, caller, hooks);
      const stopWatching = watch(stream);
      let isOver = false;
      const serving = load().then((loaded) => {
        stopWatching();
        return isOver ? toDisposable(() => stream.destroy()) : loaded.serve(stream, caller, hooks);
      });
      serving.catch(() => stream.destroy());
      return toDisposable(() => {
        isOver = true;
        serving.then((one) => one.dispose()).catch(() => undefined);
      });
    },
    openHttp: async (http) => (await load()).openHttp(http),
    announceServers: (changed) => door?.announceServers?.(changed),
    cancelCalls: (session) => door?.cancelCalls(session),
  };
}

/** A client that goes away before it is served is no failure of ours. What it says until then stays in the stream. */
function watch(stream: Duplex): () => void {
  const handleError = (): void => void stream.destroy();
  stream.pause();
  stream.on('error', handleError);
  return () => stream.off('error', handleError);
}
