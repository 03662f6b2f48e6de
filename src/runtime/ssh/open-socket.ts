/** The TCP connection to a server, with delays off from the first byte. It knows nothing of SSH. */
import { isIPv6, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../base/clock.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import { plainSshOptions, type SshOptions } from '../../core/ssh-options.ts';
import type { ConnectStory } from './connect-story.ts';

/** `host:port`, an IPv6 address in brackets. */
export function toPlace(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Throws UNREACHABLE with what the network said. Nagle's algorithm would cost each command 40 ms, so it is off before anything is sent. */
export function openSocket(
  host: string,
  port: number,
  clock: Clock,
  options: SocketOptions = plainSshOptions,
  story: ConnectStory | null = null,
): Promise<Socket> {
  const { addressFamily, connectTimeoutMs } = options;
  return new Promise((resolve, reject) => {
    const localAddress = toLocalAddress(options);
    const socket = new Socket();
    socket.setNoDelay(true);
    const fail = (reason: string, cause?: unknown): void => {
      deadline.dispose();
      socket.destroy();
      reject(new OperationError('UNREACHABLE', `${toPlace(host, port)} cannot be reached: ${reason}.`, { cause }));
    };
    const deadline = clock.after(connectTimeoutMs ?? limits.connectReadyTimeoutMs, () =>
      fail('it did not answer in time; check the address, and that no firewall is in the way'),
    );
    const handleError = (error: NodeJS.ErrnoException): void => fail(toReason(error), error);
    socket.once('error', handleError);
    story?.begin();
    socket.on('lookup', (error, address) => {
      if (error || address === host || story === null) return;
      if (story.addresses.length === 0) story.time('lookedUp');
      story.addresses.push(address);
    });
    const from = localAddress === null ? {} : { localAddress };
    socket.connect({ host, port, family: addressFamily ?? 0, ...from }, () => {
      deadline.dispose();
      story?.time('connected');
      if (story) story.address = socket.remoteAddress ?? null;
      socket.off('error', handleError);
      resolve(socket);
    });
  });
}

type SocketOptions = Pick<SshOptions, 'addressFamily' | 'bindAddress' | 'bindInterface' | 'connectTimeoutMs'>;

/** As ssh: an interface stands for its first address of the wanted version. Throws CONFIG_INVALID when it has none. */
function toLocalAddress({ bindAddress, bindInterface, addressFamily }: SocketOptions): string | null {
  if (bindAddress !== null || bindInterface === null) return bindAddress;
  const addresses = networkInterfaces()[bindInterface] ?? [];
  const found = addresses.find(({ family }) => addressFamily === null || family === `IPv${addressFamily}`);
  if (found) return found.address;
  throw new OperationError(
    'CONFIG_INVALID',
    `BindInterface names ${JSON.stringify(bindInterface)}, which has no address here; correct it in your ssh configuration.`,
  );
}

function toReason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens on that port; check the port and that the SSH server runs';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name is not known; check the host name and the name service of this machine';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address that the connection is to leave from; correct BindAddress in your ssh configuration';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it; check the network or the VPN of this machine';
    case 'ECONNRESET':
      return 'it hung up at once; it is overloaded, or a firewall keeps this machine out';
    case 'ETIMEDOUT':
      return 'it did not answer in time; check the address, and that no firewall is in the way';
    default:
      return `${error.message}; check the address and the network`;
  }
}
