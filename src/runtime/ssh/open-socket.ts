/** The TCP connection to a server, with delays off from the first byte. It knows nothing of SSH. */
import { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';

/** Throws UNREACHABLE with what the network said. Nagle's algorithm would cost each command 40 ms, so it is off before anything is sent. */
export function openSocket(host: string, port: number, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = new Socket();
    socket.setNoDelay(true);
    const fail = (reason: string, cause?: unknown): void => {
      deadline.dispose();
      socket.destroy();
      reject(new OperationError('UNREACHABLE', `${host}:${port} cannot be reached: ${reason}.`, { cause }));
    };
    const deadline = clock.after(limits.connectReadyTimeoutMs, () =>
      fail('it did not answer in time; check the address, and that no firewall is in the way'),
    );
    const handleError = (error: NodeJS.ErrnoException): void => fail(toReason(error), error);
    socket.once('error', handleError);
    socket.connect({ host, port }, () => {
      deadline.dispose();
      socket.off('error', handleError);
      resolve(socket);
    });
  });
}

function toReason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens on that port; check the port and that the SSH server runs';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is not known; check the host name and the name service of this machine';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it; check the network or the VPN of this machine';
    case 'ETIMEDOUT':
      return 'it did not answer in time; check the address, and that no firewall is in the way';
    default:
      return `${error.message}; check the address and the network`;
  }
}
