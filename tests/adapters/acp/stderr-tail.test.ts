/** The end of an agent's stderr: whole lines with their times, bounded, without secrets and colours. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { StderrTail } from '../../../src/adapters/acp/stderr-tail.ts';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { limits } from '../../../src/core/limits.ts';

/** Each piece comes a second after the one before. */
function lines(...pieces: readonly string[]): readonly string[] {
  const tail = new StderrTail(createRedactor({ key: randomBytes(32) }));
  for (const [index, piece] of pieces.entries()) tail.push(piece, index * 1_000);
  return tail.lines.map(({ text, atMs }) => `${atMs / 1_000} ${text}`);
}

describe('the end of stderr', () => {
  it.each([
    ['nothing', [], []],
    ['a line that has not ended', ['warming up'], ['0 warming up']],
    ['a line in pieces has the time of the last', ['warm', 'ing up\n', 'ready\n'], ['1 warming up', '2 ready']],
    ['several at once', ['one\ntwo\r\n', 'three\n'], ['0 one', '0 two', '1 three']],
    ['empty lines between', ['one\n\n\n', '\n  \ntwo\n\n'], ['0 one', '1 two']],
    ['a progress that is written over itself', ['10%\r', '20%\r30%', '\ndone\n'], ['2 30%', '2 done']],
    ['colours', ['\x1b[31mfailed\x1b[0m to log in\n'], ['0 failed to log in']],
  ])('has %s', (_what, pieces, expected) => {
    expect(lines(...pieces)).toEqual(expected);
  });

  it('keeps the last lines alone, each cut', () => {
    const shown = lines('x'.repeat(200_000), '\n', 'more\n'.repeat(5_000), `${'y'.repeat(5_000)}\n`, 'last\n');
    expect(shown).toHaveLength(limits.agentStderrLinesMax);
    expect(shown.slice(-3)).toEqual(['2 more', `3 ${'y'.repeat(limits.agentStderrLineCharactersMax)}`, '4 last']);
  });

  it('shows no secret, also not one of several lines or one in colours', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqh\n'.repeat(4)}-----END PRIVATE KEY-----\n`;
    const shown = lines('loading\n', key, 'password=\x1b[1mhunter2-4711\x1b[0m\n', 'ready\n');
    expect(shown.join('\n')).not.toMatch(/MIIE|hunter2/);
    expect([shown[0], shown.at(-1)]).toEqual([expect.stringContaining('loading'), '3 ready']);
  });
});
