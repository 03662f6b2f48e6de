/** Paths in rows that are too long: what tells files apart stays. */
import { describe, expect, it } from 'vitest';
import { clipPaths, shortenPaths, spreadPaths } from '../../../src/tui/present/short-paths.ts';
import { plain, span, toText } from '../../../src/tui/present/text.ts';

describe('a path in a row that is too long', () => {
  it.each([
    ['patch /srv/app/config/nginx.conf', 32, 'patch /srv/app/config/nginx.conf'],
    ['patch /srv/app/config/nginx.conf', 31, 'patch …/app/config/nginx.conf'],
    ['patch /srv/app/config/nginx.conf', 25, 'patch …/config/nginx.conf'],
    ['patch /srv/app/config/nginx.conf', 8, 'patch …/nginx.conf'],
    ['cp /srv/a/long/one.conf /srv/b/two.conf', 34, 'cp …/long/one.conf /srv/b/two.conf'],
    ['cp /srv/a/long/one.conf /srv/b/two.conf', 10, 'cp …/one.conf …/two.conf'],
    ["ls '/srv/app/config/'", 15, "ls '…/config/'"],
    ['uname -a and some more words', 8, 'uname -a and some more words'],
    ['a /b', 2, 'a /b'],
    ['curl https://example.org/a/long/page', 10, 'curl https://example.org/a/long/page'],
  ])('%j in %i columns', (text, columns, shown) => {
    expect(shortenPaths(text, columns, '…')).toBe(shown);
  });

  it('is shortened once more when it was before, and with three dots', () => {
    expect(shortenPaths('read …/app/config/nginx.conf', 20, '…')).toBe('read …/nginx.conf');
    expect(shortenPaths('read /srv/app/config/nginx.conf', 24, '...')).toBe('read .../nginx.conf');
  });

  it('leaves a text that no screen has room for as it is', () => {
    const long = '/a/b '.repeat(1_000);
    expect(shortenPaths(long, 80, '…')).toBe(long);
  });

  it('gives way before anything else of its row is cut', () => {
    const row = [span('✓ ', 'ok'), span('patch /srv/app/config/nginx.conf')];
    expect(toText(spreadPaths(row, plain('web-1 done'), 34, '…'))).toBe('✓ patch …/nginx.conf    web-1 done');
    expect(toText(clipPaths(row, 22, '…'))).toBe('✓ patch …/nginx.conf');
    expect(toText(clipPaths(row, 12, '…'))).toBe('✓ patch …/n…');
  });
});
