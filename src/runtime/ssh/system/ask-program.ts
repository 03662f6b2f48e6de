/**
 * The program that ssh starts when it needs an answer (SSH_ASKPASS of ssh(1)): it brings the question to this process over a socket in a private
 * folder and prints the answer into ssh's own pipe, so that no answer is an argument, a variable or a file. It knows nothing of what is asked.
 */
import { writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Disposable, toDisposable } from '../../../base/lifecycle.ts';
import { limits } from '../../../core/limits.ts';

export interface AskProgram extends Disposable {
  /** For the environment of ssh. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Ask {
  /** As ssh words it; a server may have had a part in it. */
  readonly prompt: string;
  /** `none`: nothing is to be answered, but something is to be done until `onEnd`. */
  readonly kind: 'secret' | 'confirm' | 'none';
  /** ssh does not wait for it any more. */
  readonly onEnd: (handle: () => void) => void;
}

/** Null is no answer. `folder` is one that nobody else can enter. */
export async function openAskProgram(
  folder: string,
  answer: (ask: Ask) => Promise<string | null>,
): Promise<AskProgram> {
  const [program, script, path] = [join(folder, 'ask'), join(folder, 'ask.cjs'), join(folder, 'answers')];
  await writeFile(script, askScript, { mode: 0o600 });
  const words = [process.execPath, script, path].map(toShellWord).join(' ');
  await writeFile(program, `#!/bin/sh\nexec ${words} "$1"\n`, { mode: 0o700 });
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return {
    // Before it was asked to, ssh used the program only where there was a display.
    env: { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env['DISPLAY'] || ':0' },
    ...toDisposable(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    }),
  };
}

function serve(socket: Socket, answer: (ask: Ask) => Promise<string | null>): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > limits.configFileBytesMax) socket.destroy();
  });
  socket.on('end', () => {
    const [hint = '', ...rest] = text.split('\n');
    const kind = hint === 'confirm' || hint === 'none' ? hint : 'secret';
    const ask: Ask = { prompt: rest.join('\n'), kind, onEnd: (handle) => void socket.on('close', handle) };
    answer(ask).then(
      (given) => (given === null ? socket.destroy() : socket.end(`${given}\n`)),
      () => socket.destroy(),
    );
  });
}

/** Without an answer it ends as one who was declined. */
const askScript = `
const { connect } = require('node:net');
const [path, prompt = ''] = process.argv.slice(2);
let answer = '';
const socket = connect(path, () => socket.end((process.env.SSH_ASKPASS_PROMPT || '') + '\\n' + prompt));
socket.setEncoding('utf8');
socket.on('data', (chunk) => { answer += chunk; });
socket.on('error', () => process.exit(1));
socket.on('close', () => {
  if (!answer.endsWith('\\n')) process.exit(1);
  process.stdout.write(answer);
});
`;

function toShellWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
