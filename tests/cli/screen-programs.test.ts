/** Programs that the screen starts quietly: their status and the last line they printed. */
import { describe, expect, it } from 'vitest';
import { createScreenPrograms } from '../../src/cli/screen-programs.ts';

const { runQuietly, self } = createScreenPrograms('/opt/signalbox/main.js');
const script = (source: string): readonly string[] => [process.execPath, '-e', source];

describe('a program that runs quietly', () => {
  it.each<[string, number, string]>([
    ["console.log('one\\ntwo')", 0, 'two'],
    ["console.error('signalbox: There is an agent already.'); process.exitCode = 2", 2, 'There is an agent already.'],
    ['', 0, ''],
    ["console.log('x'.repeat(100_000) + '\\nend')", 0, 'end'],
    ["process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1000)", 130, ''],
    ["process.stdin.on('end', () => console.log('no input')).resume()", 0, 'no input'],
  ])('%j ends with %i and says "%s"', async (source, status, words) => {
    expect(await runQuietly(script(source))).toMatchObject({ status, words });
  });

  it.each([
    ["process.stdin.on('data', (text) => console.log(`read ${text}`))", 'read a b'],
    ["console.log('did not look')", 'did not look'],
  ])('%j is given its input', async (source, words) => {
    expect(await runQuietly(script(source), 'a b')).toMatchObject({ status: 0, words });
  });

  it('that is not there says so', async () => {
    const { status, words } = await runQuietly(['/nowhere/at-all']);
    expect(status).toBe(-1);
    expect(words).toContain('ENOENT');
  });

  it('is this program by its own file', () => expect(self).toEqual([process.execPath, '/opt/signalbox/main.js']));
});
