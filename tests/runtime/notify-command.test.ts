/** The operator's notification program, with real processes. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNotifyCommand } from '../../src/runtime/notify-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-notify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = `const fs = require('node:fs');
fs.writeFileSync(process.argv[1], JSON.stringify({ args: process.argv.slice(2), stdin: fs.readFileSync(0, 'utf8'), env: process.env }));`;

describe('the notification command', () => {
  it('gets the text on standard input and as the argument {text}, and a short environment', async () => {
    const file = join(folder, 'said');
    const env = { PATH: process.env.PATH ?? '', HOME: folder, API_TOKEN: 'secret', NODE_OPTIONS: '' };
    const argv = [process.execPath, '-e', script, file, '$HOME', '{text}', 'x{text}', '; rm -rf x'];
    await createNotifyCommand({ argv, env })('2 requests; wait $(id)');
    const said = JSON.parse(readFileSync(file, 'utf8'));
    expect(said.args).toEqual(['$HOME', '2 requests; wait $(id)', 'x{text}', '; rm -rf x']);
    expect(said.stdin).toBe('2 requests; wait $(id)\n');
    expect(Object.keys(said.env).sort()).toEqual(['HOME', 'PATH']);
  });

  it.each([
    [['/nonexistent/program'], 'could not be started (ENOENT).'],
    [['false'], 'failed with exit status 1.'],
    [['sh', '-c', 'kill -9 $$'], 'was ended by SIGKILL.'],
    [['sh', '-c', 'exec 0<&-; exit 3'], 'failed with exit status 3.'],
  ])('%j fails with a sentence', async (argv, ending) => {
    const failed = createNotifyCommand({ argv, env: process.env })('x'.repeat(200));
    await expect(failed).rejects.toThrow(`The notification command \`${argv[0]}\` ${ending}`);
  });

  it('is ended with everything it started when it takes too long', async () => {
    const file = join(folder, 'pid');
    const argv = ['sh', '-c', `sleep 60 & echo $! > ${file}; wait`];
    // On a busy machine the program may be ended before it has come to its child: then it gets more time.
    for (let timeoutMs = 250; !isWhole(file); timeoutMs *= 2)
      await expect(createNotifyCommand({ argv, env: process.env, timeoutMs })('x')).rejects.toThrow(
        `took longer than ${timeoutMs / 1000} s`,
      );
    const child = Number(readFileSync(file, 'utf8'));
    await expect.poll(() => isRunning(child)).toBe(false);
  });
});

function isWhole(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').endsWith('\n');
}

/** A process that ended but that nobody has waited for yet is over. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
