/** When a file is written in place rather than replaced, from what the server prints about it. */
import { describe, expect, it } from 'vitest';
import { toReason } from '../../../src/runtime/ssh/file-facts.ts';

function printed(mode: string, links = 1, owner = 1000, group = 1000, who = ['1000', '1000 27', 'writable']): string {
  return `${who.join('\n')}\n${mode} ${links} ${owner} ${group} 12 Jan  1 10:00 /srv/a file\n`;
}

describe('a file is written in place', () => {
  it.each([
    ['it has hard links', printed('-rw-r--r--', 2), 'hard links'],
    ['it has an access list', printed('-rw-r--r--+'), 'access control list'],
    ['it has a security label', printed('-rw-r--r--.'), 'security label'],
    ['it has extended attributes', printed('-rw-r--r--@'), 'extended attributes'],
    ['it belongs to somebody else', printed('-rw-r--r--', 1, 0, 0), 'another user'],
    ['it belongs to a foreign group', printed('-rw-r--r--', 1, 1000, 50), 'a group'],
    ['its folder is closed', printed('-rw-r--r--', 1, 1000, 1000, ['1000', '1000', 'closed']), 'its folder'],
    ['the server prints nothing', '', 'does not tell'],
    ['ls is not there', '1000\n1000\nwritable\n', 'does not tell'],
    ['ls prints something else', '1000\n1000\nwritable\nls: error\n', 'does not tell'],
    ['id is not there', '\n\nwritable\n-rw-r--r-- 1 0 0 1 x', 'does not tell'],
    ['root meets hard links', printed('-rw-r--r--', 3, 1, 1, ['0', '0', 'writable']), '3 hard links'],
  ])('because %s', (_why, output, words) => {
    expect(toReason(output)).toContain(words);
  });

  it.each([
    ['it is its own', printed('-rw-r--r--')],
    ['it belongs to a group of its own', printed('-rwsr-x---', 1, 1000, 27)],
    ['root replaces anything', printed('-rw-------', 1, 1234, 99, ['0', '0', 'writable'])],
  ])('but not when %s', (_why, output) => {
    expect(toReason(output)).toBe(null);
  });
});
