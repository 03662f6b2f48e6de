/**
 * Programs on a pseudo-terminal, with times from their start to what they draw. Node cannot open one without a native module, so a small
 * Python program does, which runs all along: its own start is no part of any time. It knows nothing of what is drawn.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { present } from '../../src/base/assert.ts';

export interface TerminalRun {
  readonly argv: readonly string[];
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Texts to wait for, one after another; then the program gets SIGTERM. None: it is waited for until it ends by itself. */
  readonly until: readonly string[];
}

export interface TerminalTimes {
  /** Milliseconds from the start to each text; shorter than `until` when the program ended, or was silent for 20 s, before. */
  readonly drawnMs: readonly number[];
  readonly endMs: number;
  /** The last 400 characters, to see why a text did not come. */
  readonly tail: string;
}

export interface PseudoTerminal {
  run(run: TerminalRun): Promise<TerminalTimes>;
  dispose(): Promise<void>;
}

/** Null when there is no Python 3 here. */
export function openPseudoTerminal(): PseudoTerminal | null {
  if (spawnSync('python3', ['-c', 'import pty, termios']).status !== 0) return null;
  const helper = spawn('python3', ['-u', '-c', helperProgram], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => helper.once('close', () => resolve()));
  const answers = createInterface({ input: helper.stdout })[Symbol.asyncIterator]();
  return {
    async run(run) {
      helper.stdin.write(`${JSON.stringify(run)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error('The program that opens pseudo-terminals ended.');
      return JSON.parse(present<string>(value, 'An answer is a line.')) as TerminalTimes;
    },
    async dispose() {
      helper.stdin.end();
      await ended;
    },
  };
}

const helperProgram = String.raw`
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

def read(fd, wait):
    if not select.select([fd], [], [], wait)[0]:
        return b''
    try:
        return os.read(fd, 65536)
    except OSError:
        return b''

def run(argv, env, until):
    start = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 120, 0, 0))
        os.execvpe(argv[0], argv, env)
    seen, drawn = b'', []
    while not until or len(drawn) < len(until):
        data = read(fd, 20)
        if not data:
            break
        seen += data
        while len(drawn) < len(until) and until[len(drawn)].encode() in seen:
            drawn.append((time.monotonic() - start) * 1000)
    if until:
        os.kill(pid, signal.SIGTERM)
        while read(fd, 20):
            pass
    os.waitpid(pid, 0)
    end = (time.monotonic() - start) * 1000
    os.close(fd)
    return {'drawnMs': drawn, 'endMs': end, 'tail': seen[-400:].decode('utf8', 'replace')}

for line in sys.stdin:
    print(json.dumps(run(**json.loads(line))), flush=True)
`;
