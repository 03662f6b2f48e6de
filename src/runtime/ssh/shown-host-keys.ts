/**
 * The other host keys that a server shows after the login (hostkeys-00@openssh.com, PROTOCOL of OpenSSH): none is learned from it, since keys are
 * trusted by a person alone. ssh2 would have it prove each of them, which costs the server as many signatures and us as many checks.
 */
import type { Client } from 'ssh2';
import { sendPing } from './ssh2-internals.ts';

/** They are answered with a ping, and nothing is asked about them. After `connect`. */
export function leaveShownHostKeys(client: Client): void {
  const handlers: unknown = Reflect.get(Object(Reflect.get(client, '_protocol')), '_handlers');
  const ownWay: unknown = Reflect.get(Object(handlers), 'GLOBAL_REQUEST');
  if (typeof ownWay !== 'function') return;
  Reflect.set(Object(handlers), 'GLOBAL_REQUEST', (...request: readonly unknown[]) => {
    const [, name, wantsReply] = request;
    if (name === 'hostkeys-00@openssh.com' && wantsReply !== true) {
      // The acknowledgement goes with it: sshd's Nagle holds the answer to whatever is asked next until then, up to 40 ms.
      sendPing(client, () => undefined);
      return;
    }
    Reflect.apply(ownWay, handlers, request);
  });
}
