/** The list of sessions: its columns, which one is open, and what tells two of one title apart. */
import { expect, it } from 'vitest';
import { asciiGlyphs, type Page, unicodeGlyphs } from '../../../src/tui/present/page.ts';
import { toSessionColumns, toSessionHeading, toSessionRow } from '../../../src/tui/present/sessions.ts';
import { columnsOf, toText } from '../../../src/tui/present/text.ts';
import { makeSession, makeText } from '../../fixtures/fake-host.ts';

const minute = 60_000;
const pageOf = (columns: number, glyphs = unicodeGlyphs): Page => ({ columns, nowMs: 60 * minute, glyphs });
const old = makeSession('k3fd', { title: 'Disks', createdAtMs: 0, servers: ['web-1'] });
const used = { ...old, id: 'p9ab', items: [{ ...makeText(1, 'user', 'hello'), atMs: 48 * minute }] };

it.each([76, 116, 196])(
  'says when each was used last, below a heading, and the id of those with one title, at %i',
  (cells) => {
    const page = pageOf(cells);
    const columns = toSessionColumns([old, used], page);
    const rows = [old, used].map((session) => toText(toSessionRow(session, 'elsewhere', page, columns)));
    expect(rows[0]).toMatch(/^ {3}Disks +k3fd +idle .*1 h +web-1/);
    expect(rows[1]).toMatch(/^ {3}Disks +p9ab +idle .*12 min +web-1/);
    const heading = toText(toSessionHeading(columns, page));
    for (const [word, of] of [
      ['LAST USED', '1 h'],
      ['SERVERS', 'web-1'],
      ['STATE', 'idle'],
    ] as const)
      expect(heading.indexOf(word)).toBe(rows[0]?.indexOf(of));
  },
);

it.each([unicodeGlyphs, asciiGlyphs])(
  'marks the one in the workspace by another sign than the cursor, $chosen',
  (glyphs) => {
    const row = toText(toSessionRow(old, 'in the workspace', pageOf(76, glyphs)));
    expect(row.startsWith(` ${glyphs.chosen} Disks`)).toBe(true);
    expect(row).not.toContain(glyphs.prompt);
  },
);

it('gives a title the room that its servers leave, and never all of it', () => {
  const title = 'why is the disk filling up on the staging machine';
  const [few, many] = [['web-1'], Array.from({ length: 9 }, (_, at) => `server-${at}`)].map((servers) => {
    const session = makeSession('k3fd', { title, servers });
    return toSessionRow(session, 'elsewhere', pageOf(76));
  });
  expect(toText(few ?? [])).toContain('why is the disk filling up on the');
  expect(toText(many ?? [])).toContain('server-0');
  for (const row of [few, many]) expect(columnsOf(row ?? [])).toBeLessThanOrEqual(76);
});
