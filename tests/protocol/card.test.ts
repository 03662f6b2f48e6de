/** The approval card: everything is on it, nothing overflows or is cut, and two cards that differ look different. */

import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/base/display/width.ts';
import { cardColumnsMin, cardLines } from '../../src/protocol/card.ts';
import type { CardSubject, CardView } from '../../src/protocol/view.ts';
import { awkwardText } from '../base/display/awkward-text.ts';
import fc from '../fixtures/properties.ts';

type Command = Extract<CardSubject, { kind: 'command' }>;
type Write = Extract<CardSubject, { kind: 'write' }>;

const command: Command = {
  kind: 'command',
  argv: ['systemctl', 'restart', 'nginx'],
  line: null,
  cwd: null,
  stdin: null,
  parts: [],
};
const write: Write = {
  kind: 'write',
  path: '/etc/nginx/nginx.conf',
  realPath: '/etc/nginx/nginx.conf',
  diff: '--- a\n+++ b\n@@ -1,2 +1,2 @@\n events {\n-worker 1;\n+worker 2; \n',
  beforeSha256: 'a'.repeat(64),
  afterSha256: 'b'.repeat(64),
  beforeBytes: 20,
  afterBytes: 21,
  mode: null,
  replace: 'atomic',
  inPlaceReason: null,
  createFolders: [],
  snapshot: 'written',
  offsets: [],
  afterText: null,
};

function card(subject: CardSubject, more: Partial<CardView> = {}): CardView {
  return {
    id: 'c1',
    auditId: 'a1',
    tool: 'remote_exec',
    session: 's1',
    who: 'opencode, find the slow server',
    isolation: 'NOT CONTAINED',
    server: { id: 'web-2', address: 'deploy@10.0.0.2:22', environment: 'production', environmentAssumed: true },
    hostKey: 'SHA256:abc',
    rule: 'command.systemctl.operand',
    reason: 'systemctl restart is not one of the subcommands that only ask.',
    floor: false,
    createdAtMs: 0,
    expiresAtMs: null,
    sessionGrantPossible: false,
    subject,
    ...more,
  };
}

const shown = (view: CardView, columns = 80): string =>
  cardLines(view, columns)
    .map(({ text }) => text)
    .join('\n');

describe('a card for a command', () => {
  it('names the server, its environment as a word, who asks, and why it was stopped', () => {
    expect(shown(card(command))).toBe(
      [
        'Run a command on web-2',
        'Environment PRODUCTION',
        '            Its record names no environment, so it counts as production.',
        'Command     systemctl restart nginx',
        'Folder      the login folder',
        '            Commands cannot be undone.',
        'Policy      systemctl restart is not one of the subcommands that only ask.',
        'Rule        command.systemctl.operand',
        'Asked by    opencode, find the slow server',
        'Session     s1',
        'Isolation   NOT CONTAINED',
        'Server      web-2 (deploy@10.0.0.2:22)',
        'Host key    SHA256:abc',
      ].join('\n'),
    );
  });

  it('shows one word a line as soon as one is not plain', () => {
    const text = shown(card({ ...command, argv: ['grep', 'a b', '', "it's", ' x', '\x1b[2J'] }));
    expect(text).toContain(
      [
        'Command     6 words, one a line:',
        '            grep',
        "            'a b'",
        "            ''",
        "            'it's'",
        "            ' x'",
        "            '\\x1b[2J'",
      ].join('\n'),
    );
  });

  it('shows a long row of excluded names as one list, and each of the others as a word', () => {
    const excludes = ['.[eE][nN][vV]', '*.[pP][eE][mM]', '.[eE][nN]v', '[bB] c', '[kK]'].map(
      (name) => `--exclude=${name}`,
    );
    const text = shown(
      card({ ...command, argv: ['grep', '-r', ...excludes, '--exclude-dir=[aA]', '--', 'x', '/srv'] }),
    );
    expect(text).toContain(
      [
        'Command     11 words, one a line:',
        '            grep',
        '            -r',
        '            --exclude=, each in any case: .env *.pem',
        "            '--exclude=.[eE][nN]v'",
        "            '--exclude=[bB] c'",
        "            '--exclude=[kK]'",
        "            '--exclude-dir=[aA]'",
        '            --',
      ].join('\n'),
    );
  });

  it('shows a line for a shell, its parts, and the input', () => {
    const parts = [
      { text: 'ls', outcome: 'auto-allow', reason: 'fine' },
      { text: 'rm x', outcome: 'approval-required', reason: 'rm changes files.' },
    ];
    const text = shown(
      card({ ...command, argv: null, line: 'ls\nrm x', stdin: 'one\n\ttwo ', parts, cwd: '/srv' }, { floor: true }),
    );
    expect(text).toContain('Shell line  ls\\x0arm x');
    expect(text).toContain('Folder      /srv');
    expect(text).toContain('  | one\n  | \\x09two\\x20\n            No newline at the end of the input.');
    expect(text).toContain('            auto-allow: ls\n');
    expect(text).toContain('            approval-required: rm x\n');
    expect(text).toContain('No rule can lift this question.');
  });
});

describe('a card for a write', () => {
  it('shows the diff with a visible space at the end of a line, and that the old one is kept', () => {
    const lines = cardLines(card(write), 80);
    expect(lines).toContainEqual({ text: '  -worker 1;', role: 'diff-remove' });
    expect(lines).toContainEqual({ text: '  +worker 2;\\x20', role: 'diff-add' });
    expect(lines).toContainEqual({ text: '   events {', role: 'diff-context' });
    expect(lines).toContainEqual({ text: '  @@ -1,2 +1,2 @@', role: 'diff-hunk' });
    expect(lines).toContainEqual({ text: '  --- a', role: 'muted' });
    expect(lines.some(({ text }) => text.includes('The file as it is now is kept'))).toBe(true);
  });

  it('says what is unusual about it', () => {
    const text = shown(
      card({
        ...write,
        realPath: '/srv/real.conf',
        diff: null,
        beforeBytes: null,
        beforeSha256: null,
        mode: '0600',
        replace: 'in-place',
        inPlaceReason: 'the file has 2 hard links',
        createFolders: ['/srv/new', '/srv/new/er'],
        removeFolders: ['/srv/old', '/srv/old/er'],
        snapshot: 'hash_only',
        offsets: ['hunk 1 moved by 3 lines'],
      }),
    );
    for (const part of [
      'Create a file on web-2',
      'Real path   /srv/real.conf',
      'Mode        0600',
      'Not atomic  the file has 2 hard links',
      'New folder  /srv/new\nNew folder  /srv/new/er',
      'The folders that were made for it go too, when they are empty.',
      'Removes     /srv/old\nRemoves     /srv/old/er',
      'Only the hash of the file as it is now is kept',
      'Moved       hunk 1 moved by 3 lines',
      'No diff: one side is not text.',
      'Size        absent → 21 bytes',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('a sentence on a card', () => {
  const reason = 'systemctl restart is not one of the subcommands that only read, so a person decides.';

  it('is wrapped without marks; a command and a name that somebody chose keep them', () => {
    const argv = ['systemctl', 'restart', 'a-service-with-a-long-name', 'another-service-with-a-name'];
    const lines = cardLines(
      card({ ...command, argv }, { reason, who: 'agent, a title of many words that goes on' }),
      40,
    );
    const of = (label: string): readonly string[] => {
      const from = lines.findIndex(({ text }) => text.startsWith(label));
      const next = lines.findIndex(({ text }, index) => index > from && !text.startsWith(' '));
      return lines.slice(from, next).map(({ text }) => text.slice(12));
    };
    expect(of('Policy').join('')).toBe(reason);
    expect(of('Command').filter((text) => text.endsWith('¬'))).not.toEqual([]);
    expect(of('Asked by')[0]).toMatch(/¬$/);
  });

  it('of a part stands further in than the next part, so that it cannot pass for one', () => {
    const parts = [{ text: 'rm x', outcome: 'reject', reason: 'it removes a file and goes on, auto-allow: ls' }];
    const lines = cardLines(card({ ...command, argv: null, line: 'rm x', parts }), 34).map(({ text }) => text);
    expect(lines.filter((text) => /^ {12}\S*(auto-allow|reject): /.test(text))).toEqual(['            reject: rm x']);
  });

  it('says where the old file is, and how to undo', () => {
    const text = cardLines(card(write), 200)
      .map((line) => line.text)
      .join('\n');
    expect(text).toContain("kept in signalbox's snapshots");
    expect(text).toContain('"signalbox audit rollback ID"');
  });

  it('has an arrow of its charset', () => {
    const of = (charset: 'ascii' | 'unicode'): string | undefined =>
      cardLines(card(write), 80, charset).find(({ text }) => text.startsWith('Size'))?.text;
    expect(of('unicode')).toBe('Size        20 bytes → 21 bytes');
    expect(of('ascii')).toBe('Size        20 bytes -> 21 bytes');
  });
});

describe('every card', () => {
  const subject: fc.Arbitrary<CardSubject> = fc.oneof(
    fc.record({
      kind: fc.constant('command' as const),
      argv: fc.array(awkwardText, { minLength: 1, maxLength: 5 }),
      line: fc.constant(null),
      cwd: fc.option(awkwardText),
      stdin: fc.option(awkwardText),
      parts: fc.constant([]),
    }),
    fc.record({
      kind: fc.constant('command' as const),
      argv: fc.constant(null),
      line: awkwardText,
      cwd: fc.constant(null),
      stdin: fc.option(awkwardText),
      parts: fc.array(fc.record({ text: awkwardText, outcome: fc.constant('reject'), reason: awkwardText }), {
        maxLength: 2,
      }),
    }),
    fc
      .record({ path: awkwardText, realPath: awkwardText, diff: awkwardText })
      .map((fields) => ({ ...write, ...fields })),
    fc.record({ kind: fc.constant('read' as const), path: awkwardText, realPath: awkwardText }),
  );
  const view = fc
    .record({ subject, who: awkwardText, reason: awkwardText })
    .map(({ subject: of, ...more }) => card(of, more));

  it('fits, has no raw control character, and is ASCII when asked', () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 1, max: 120 }), (shownCard, columns) => {
        for (const { text } of cardLines(shownCard, columns)) {
          expect(textWidth(text)).toBeLessThanOrEqual(Math.max(columns, cardColumnsMin));
          expect(text).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]/u);
        }
        for (const { text } of cardLines(shownCard, columns, 'ascii')) expect(text).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('looks different when its command differs', () => {
    const argv = fc.array(fc.oneof(awkwardText, fc.constantFrom('a', 'b', "'a'", 'a b', '')), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(argv, argv, fc.integer({ min: 32, max: 80 }), (one, other, columns) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(shown(card({ ...command, argv: one }), columns)).not.toBe(
          shown(card({ ...command, argv: other }), columns),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('looks different when its diff differs', () => {
    const diff = fc
      .array(fc.oneof(awkwardText, fc.constantFrom('+a', '+a ', ' ', '', '-a')), { maxLength: 4 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(diff, diff, (one, other) => {
        fc.pre(one !== other);
        expect(shown(card({ ...write, diff: one }))).not.toBe(shown(card({ ...write, diff: other })));
      }),
      { numRuns: 1000 },
    );
  });
});
