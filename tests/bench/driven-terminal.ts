/**
 * A program on a pseudo-terminal of 200 × 50 that is typed into while it draws: how long each key takes until it is seen, and what its
 * processes cost. Python opens the terminal, since Node cannot. It knows nothing of what is drawn.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { present } from '../../src/base/assert.ts';

export interface DrivenTerminal {
  readonly pid: number;
  /** Sends text, and waits until another one is on the terminal. */
  send(text: string, until: string): Promise<void>;
  /** Types characters that are nowhere else, one after another; milliseconds from when each was due until it was drawn. */
  type(characters: readonly string[], everyMs: number): Promise<readonly number[]>;
  /** Ends the program with SIGTERM. */
  end(): Promise<void>;
}

export async function openDrivenTerminal(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<DrivenTerminal> {
  const helper = spawn('python3', ['-u', '-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => helper.once('close', () => resolve()));
  const answers = createInterface({ input: helper.stdout })[Symbol.asyncIterator]();
  const ask = async (question: unknown): Promise<unknown> => {
    helper.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error('The program that drives the terminal ended.');
    const answer = JSON.parse(present<string>(value, 'An answer is a line.')) as { ok: unknown; tail?: string };
    if (answer.ok === null) throw new Error(`The terminal did not show what was waited for:\n${answer.tail}`);
    return answer.ok;
  };
  const pid = (await ask({ argv, env })) as number;
  return {
    pid,
    send: async (text, until) => void (await ask({ send: text, until })),
    type: async (characters, everyMs) => (await ask({ type: characters, everyMs })) as number[],
    async end() {
      helper.stdin.end();
      await ended;
    },
  };
}

/** Processor time that processes have used so far, in seconds (ticks of a hundredth: proc(5)). */
export function processorSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);
}

/** Memory that a process has now, in bytes. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
}

const program = String.raw`
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

first = json.loads(sys.stdin.readline())
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 200, 0, 0))
    os.execvpe(first['argv'][0], first['argv'], first['env'])
print(json.dumps({'ok': pid}), flush=True)
seen = b''

def pump(wait):
    global seen
    if select.select([fd], [], [], wait)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            return False
        seen = (seen + data)[-262144:]
    return True

def until(text, limit):
    end = time.monotonic() + limit
    while text not in seen:
        if time.monotonic() > end or not pump(0.05):
            return False
    return True

rest = b''
os.set_blocking(0, False)
while True:
    ready = select.select([fd, 0], [], [], None)[0]
    if fd in ready and not pump(0):
        break
    if 0 not in ready:
        continue
    data = os.read(0, 65536)
    if not data:
        break
    rest += data
    while b'\n' in rest:
        line, rest = rest.split(b'\n', 1)
        asked = json.loads(line)
        if 'send' in asked:
            seen = b''
            os.write(fd, asked['send'].encode())
            ok = True if until(asked['until'].encode(), 30) else None
            print(json.dumps({'ok': ok, 'tail': seen[-3000:].decode('utf8', 'replace')}), flush=True)
        else:
            took = []
            for character in asked['type']:
                due = time.monotonic() + asked['everyMs'] / 1000
                while time.monotonic() < due:
                    pump(max(0, due - time.monotonic()))
                seen = b''
                os.write(fd, character.encode())
                if not until(character.encode(), 20):
                    took = None
                    break
                took.append((time.monotonic() - due) * 1000)
            print(json.dumps({'ok': took, 'tail': seen[-3000:].decode('utf8', 'replace')}), flush=True)
try:
    os.kill(pid, signal.SIGTERM)
except ProcessLookupError:
    pass
while pump(20):
    pass
os.waitpid(pid, 0)
`;
