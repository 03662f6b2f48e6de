/** What is told of a file that the operator changed before it was written, and what is not: nothing of a file that may not be read, no secret, nothing large. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/audit/create-redactor.ts';
import { limits } from '../../../src/core/limits.ts';
import { toEditNews } from '../../../src/core/plans/edit-news.ts';

const redactor = createRedactor({ key: Buffer.alloc(32, 7) });
const secret = 'password=correct-horse-battery-staple';

function tell(
  proposed: string | Uint8Array,
  written: string,
  more: { isReadable?: boolean; redact?: 'secrets' | 'nothing' } = {},
) {
  const { isReadable = true, redact = 'secrets' } = more;
  const edited = { path: '/etc/a', proposed: Buffer.from(proposed), written: Buffer.from(written), isReadable };
  return toEditNews(edited, { redact, redactor, target: null as never });
}

describe('an edit of a proposed file', () => {
  it('is told as the diff from what was proposed to what is there', () => {
    const { data, message } = tell('a\nb\n', 'a\nc\n');
    expect(message).toContain('The operator changed your text before it was written');
    expect(data.operatorDiff).toBe('--- /etc/a\n+++ /etc/a\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n');
  });

  it.each<[string, ReturnType<typeof tell>]>([
    ['a file that may not be read without a question', tell('a\n', 'b\n', { isReadable: false })],
    ['bytes that are no text', tell(Uint8Array.of(0xff, 0xfe), 'b\n')],
    [
      'much text',
      tell('a\n'.repeat(limits.editDiffCharactersMax / 4), 'b\n'.repeat(limits.editDiffCharactersMax / 4 + 1)),
    ],
    ['a secret alone', tell(`${secret}\n`, `${secret}\n`)],
  ])('of %s is told without a diff', (_what, { data, message }) => {
    expect(data).toEqual({});
    expect(message).toContain('does not hold what you proposed. Read /etc/a again');
  });

  it('shows a secret only to whom nothing is redacted for', () => {
    expect(JSON.stringify(tell('a\n', `a\n${secret}\n`))).not.toContain('correct-horse');
    expect(JSON.stringify(tell('a\n', `a\n${secret}\n`, { redact: 'nothing' }))).toContain('correct-horse');
  });

  it('shows no line of a key, which is a secret only as a whole', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0\n'.repeat(8)}-----END PRIVATE KEY-----\n`;
    expect(JSON.stringify(tell('a\n', `a\n${key}`))).not.toContain('QUJDREVG');
  });
});
