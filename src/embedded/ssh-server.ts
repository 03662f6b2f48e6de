/** An SSH server inside this process, on loopback, in front of a simulated machine: public key only, one account, nothing real behind it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel, type Session } from 'ssh2';
import { present } from '../base/assert.ts';
import { systemClock } from '../base/clock.ts';
import type { Machine } from './machine/machine.ts';
import { serveSftp } from './sftp-server.ts';
import { fileCommands } from './shell/file-commands.ts';
import { InteractiveShell } from './shell/interactive.ts';
import { Interpreter } from './shell/interpreter.ts';
import { serviceCommands } from './shell/service-commands.ts';
import { systemCommands } from './shell/system-commands.ts';
import { textCommands } from './shell/text-commands.ts';

export interface EmbeddedServer {
  readonly port: number;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly hostKeyFingerprint: string;
  /** A line for known_hosts. */
  readonly knownHostsLine: string;
  close(): Promise<void>;
}

export interface EmbeddedServerOptions {
  readonly machine: Machine;
  /** Private host key, OpenSSH format. */
  readonly hostKey: string;
  /** The one key that may log in, OpenSSH public format. */
  readonly authorizedKey: string;
  /** 0 takes a free port. */
  readonly port: number;
}

/** Rejects when the port is taken. Listens on 127.0.0.1 only. */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { machine } = options;
  const authorized = toKey(options.authorizedKey);
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [options.hostKey], ident: 'signalbox-demo' }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => connection.end());
    connection.on('authentication', (context) => authenticate(context, machine.user, authorized));
    connection.on('ready', () => connection.on('session', (accept) => serveSession(accept(), machine)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const blob = toKey(options.hostKey).getPublicSSH();
  return {
    port,
    hostKeyFingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    knownHostsLine: `[127.0.0.1]:${port} ssh-ed25519 ${blob.toString('base64')}`,
    close: () =>
      new Promise((resolve) => {
        for (const running of machine.running.values()) running.abort();
        server.close(() => resolve());
        for (const connection of connections) connection.end();
      }),
  };
}

function toKey(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? present(key[0], 'A key file holds a key.') : key;
}

function authenticate(context: AuthContext, user: string, authorized: ParsedKey): void {
  if (context.method !== 'publickey' || context.username !== user) return context.reject(['publickey']);
  const wanted = authorized.getPublicSSH();
  const given = context.key.data;
  if (given.byteLength !== wanted.byteLength || !timingSafeEqual(given, wanted)) return context.reject(['publickey']);
  if (
    context.signature &&
    context.blob &&
    authorized.verify(context.blob, context.signature, context.hashAlgo) !== true
  ) {
    return context.reject(['publickey']);
  }
  context.accept();
}

function serveSession(session: Session, machine: Machine): void {
  let running: AbortController | null = null;
  session.on('exec', (accept, _reject, info) => {
    running = new AbortController();
    void runCommand(accept(), info.command, machine, running);
  });
  // Any terminal will do: the simulated shell does not ask for its size.
  session.on('pty', (accept) => accept?.());
  session.on('window-change', (accept) => accept?.());
  session.on('shell', (accept) => serveShell(accept(), machine));
  session.on('sftp', (accept) => serveSftp(accept(), machine));
  session.on('signal', (accept) => {
    accept?.();
    running?.abort();
  });
}

/** A closed channel leaves the command running, as sshd does: who wants it ended sends a signal or kills its group. */
async function runCommand(
  channel: ServerChannel,
  command: string,
  machine: Machine,
  stop: AbortController,
): Promise<void> {
  const pid = machine.nextPid++;
  machine.running.set(pid, stop);
  channel.on('error', () => undefined);
  const stdin = await readAll(channel);
  const interpreter = createInterpreter(machine);
  const ended = new Promise<number>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(143), { once: true }),
  );
  const status = await Promise.race([
    ended,
    interpreter.run(command, {
      cwd: `/home/${machine.user}`,
      variables: new Map([
        ['HOME', `/home/${machine.user}`],
        ['USER', machine.user],
      ]),
      parameters: [],
      pid,
      status: 0,
      stdin,
      signal: stop.signal,
      depth: 0,
      out: (stream, text) => {
        if (channel.writable) (stream === 'stdout' ? channel : channel.stderr).write(text);
      },
    }),
  ]);
  machine.running.delete(pid);
  if (!channel.writable) return;
  if (stop.signal.aborted) channel.exit('TERM', false, '');
  else channel.exit(status);
  channel.end();
}

function createInterpreter(machine: Machine): Interpreter {
  return new Interpreter(machine, { ...textCommands, ...fileCommands, ...serviceCommands, ...systemCommands });
}

function serveShell(channel: ServerChannel, machine: Machine): void {
  channel.on('error', () => undefined);
  const shell = new InteractiveShell({
    ...{ machine, interpreter: createInterpreter(machine), pid: machine.nextPid++ },
    out: (text) => void (channel.writable && channel.write(text)),
    end: (status) => {
      channel.exit(status);
      channel.end();
    },
  });
  const decoder = new StringDecoder('utf8');
  channel.on('data', (chunk: Buffer) => shell.type(decoder.write(chunk)));
  channel.on('close', () => shell.hangUp());
}

/** Standard input up to its end; a client that sends none closes it at once. */
function readAll(channel: ServerChannel): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    // A client that never closes its side still gets its command run, on what came until then.
    const timer = systemClock.after(500, () => resolve(Buffer.concat(chunks)));
    channel.on('data', (chunk: Buffer) => chunks.push(chunk));
    channel.on('end', () => {
      timer.dispose();
      resolve(Buffer.concat(chunks));
    });
  });
}
