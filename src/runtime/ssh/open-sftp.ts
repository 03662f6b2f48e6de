/**
 * Opening the file service of a server: the subsystem, or, where there is none, the program behind it, started by a command. It knows nothing of
 * files.
 */
import type { Client, SFTPWrapper } from 'ssh2';
import type { Clock } from '../../base/clock.ts';
import { promiseWithResolvers } from '../../base/promise-with-resolvers.ts';
import { OperationError } from '../../core/codes.ts';
import { limits } from '../../core/limits.ts';
import type { Target } from '../../core/server.ts';
import { ChannelRefusedError } from './channel-refused.ts';
import type { Connection } from './connection.ts';
import { IncomingData } from './incoming-data.ts';
import { SftpChannel } from './sftp-channel.ts';
import { IncomingNames, withNameBytes } from './sftp-names.ts';
import {
  awaitedReadOf,
  beginSftp,
  filterIncoming,
  openSftpSession,
  requestExec,
  requestSftpSubsystem,
  sendTogether,
} from './ssh2-internals.ts';

/** Where systems keep OpenSSH's sftp-server: Debian, Fedora, the BSDs, SUSE, Arch, ports. */
const programs = [
  '/usr/lib/openssh/sftp-server',
  '/usr/libexec/openssh/sftp-server',
  '/usr/libexec/sftp-server',
  '/usr/lib/ssh/sftp-server',
  '/usr/lib/sftp-server',
  '/usr/local/libexec/sftp-server',
];

/** The same in every login shell, as the launch form of commands is. */
const command = `exec /bin/sh -c 'for p in ${programs.join(' ')}; do if [ -x "$p" ]; then exec "$p"; fi; done; exit 127'`;

/** Why one way did not lead to a file service; `noise` is what came instead. */
class NoServiceError extends Error {
  override readonly name = 'NoServiceError';
  readonly noise: string;
  constructor(message: string, noise: string) {
    super(message);
    this.noise = noise;
  }
}

/** Start-up files that print something, into SFTP too, are read over. Throws UNSUPPORTED, TIMEOUT, or CONNECTION_LOST. */
export async function openSftp(
  client: Client,
  connection: Pick<Connection, 'target' | 'clock' | 'isOpen' | 'lostError'>,
): Promise<SftpChannel> {
  const { target, clock } = connection;
  if (!connection.isOpen) throw connection.lostError('nothing was sent');
  try {
    return new SftpChannel(withNameBytes(await openService({ client, target, clock })), target, clock);
  } catch (error) {
    throw connection.isOpen ? error : connection.lostError('nothing was sent');
  }
}

async function openService(at: Place): Promise<SFTPWrapper> {
  try {
    return await openBy(at, requestSftpSubsystem);
  } catch (first) {
    if (!(first instanceof NoServiceError)) throw first;
    try {
      return await openBy(at, (sftp, onAnswer) => requestExec(sftp, { command, env: {} }, onAnswer));
    } catch (second) {
      if (!(second instanceof NoServiceError)) throw second;
      throw toUnsupported(at.target, first.message, first.noise || second.noise);
    }
  }
}

function toUnsupported({ id, username }: Target, why: string, said: string): OperationError {
  return new OperationError(
    'UNSUPPORTED',
    `${id} offers ${username} no file service: ${why}${said === '' ? '' : `, and it said "${said}"`}. ` +
      'Add "Subsystem sftp internal-sftp" to its sshd_config, or use an account that may use files.',
  );
}

interface Place {
  readonly client: Client;
  readonly target: Target;
  readonly clock: Clock;
}

async function openBy(
  { client, target, clock }: Place,
  request: (sftp: SFTPWrapper, onAnswer: (error: Error | null) => void) => void,
): Promise<SFTPWrapper> {
  const [preamble, names] = [new Preamble(), new IncomingNames()];
  const { promise, resolve, reject } = promiseWithResolvers<SFTPWrapper>();
  let opened: SFTPWrapper | null = null;
  let isSettled = false;
  const settle = (outcome: SFTPWrapper | Error): void => {
    if (isSettled) return;
    isSettled = true;
    deadline.dispose();
    if (!(outcome instanceof Error)) {
      resolve(outcome);
      return;
    }
    reject(outcome);
    opened?.end();
  };
  const fail = (why: string): void => settle(new NoServiceError(why, preamble.noise));
  const deadline = clock.after(limits.sftpDeadlineMs, () => {
    if (preamble.noise !== '') settle(toUnsupported(target, 'what answers is something else', preamble.noise));
    else settle(new OperationError('TIMEOUT', `${target.id} did not open its file service in time; try again.`));
  });
  const opening = openSftpSession(client) ?? Promise.reject(new NoServiceError('the SSH library has none', ''));
  opening.then(
    (sftp) => {
      opened = sftp;
      // For good: an error event without a listener ends the process.
      sftp.on('error', (error: Error) => fail(error.message));
      // The deadline may have answered before; then the late channel must not stay open unseen.
      if (isSettled) sftp.end();
      const data = new IncomingData((id) => awaitedReadOf(sftp, id));
      filterIncoming(sftp, (chunk) => names.take(data.take(preamble.take(chunk))));
      sftp.once('ready', () => settle(sftp));
      sftp.once('exit', (code: unknown) => fail(typeof code === 'number' ? `it ends with status ${code}` : 'it ends'));
      sftp.once('close', () => fail('it ends at once'));
      sendTogether(client, () => {
        request(sftp, (error) => error && fail(error.message));
        // Whatever is asked for reads it when it starts, so that need not be waited for.
        beginSftp(sftp);
      });
    },
    (error: Error & { reason?: unknown }) =>
      settle(error.reason === undefined ? error : new ChannelRefusedError(target.id, error)),
  );
  return promise;
}

/** What is printed before the first message of SFTP. That begins with a zero (the first byte of a length), which no text has. */
class Preamble {
  #noise = '';
  #isOver = false;

  get noise(): string {
    return this.#noise.trim().split(/\s*\n/)[0]?.slice(0, 200) ?? '';
  }

  take(chunk: Buffer): Buffer {
    if (this.#isOver) return chunk;
    const start = chunk.indexOf(0);
    this.#isOver = start >= 0;
    if (this.#noise.length < noiseKeptMax) this.#noise += chunk.toString('utf8', 0, start < 0 ? noiseKeptMax : start);
    return start < 0 ? chunk.subarray(0, 0) : chunk.subarray(start);
  }
}

const noiseKeptMax = 4096;
