/** The filter, as a person and as a script use it. */
import { describe, expect, it } from 'vitest';
import { type CliRun, runInProcess } from '../run.ts';

const redact = (stdin: string, ...argv: string[]): Promise<CliRun> =>
  runInProcess(['redact', ...argv], { env: process.env, cwd: '/', stdin });

describe('redact', () => {
  it('takes secrets out and leaves everything else, with or without a last line end', async () => {
    const { code, stdout } = await redact('a\nPASSWORD=hunter22\nlast ü');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a\nPASSWORD=«redacted:[0-9a-f]{4}»\nlast ü$/);
  });

  it('answers one JSON object a line, in order', async () => {
    const { code, stdout } = await redact(
      '{"text":"token=hunter22"}\n{"text":"plain\\ntext"}\n{"text":"token=hunter22 token=other-1"}',
      '--json',
    );
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; count: number });
    expect(code).toBe(0);
    expect(answers.map((answer) => answer.count)).toEqual([1, 0, 2]);
    expect(answers[1]?.text).toBe('plain\ntext');
    expect(answers[2]?.text.startsWith(answers[0]?.text ?? '')).toBe(true);
  });

  it.each(['nonsense', '[]', 'null', '{"text":1}', '{}'])(
    'answers %j with an error in its place and ends with status 2',
    async (line) => {
      const { code, stdout } = await redact(`{"text":"a"}\n${line}\n{"text":"b"}\n`, '--json');
      expect(code).toBe(2);
      expect(
        stdout
          .trim()
          .split('\n')
          .map((one) => Object.keys(JSON.parse(one) as object)),
      ).toEqual([['text', 'count'], ['error'], ['text', 'count']]);
    },
  );

  it('answers nothing with nothing', async () => {
    expect(await redact('')).toMatchObject({ code: 0, stdout: '' });
    expect(await redact('', '--json')).toMatchObject({ code: 0, stdout: '' });
  });
});
