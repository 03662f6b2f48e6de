/** Whose the other end of a connection is, as the kernel's table tells it. */
import { describe, expect, it } from 'vitest';
import { createPeerLookup, findPeerUser } from '../../../src/adapters/mcp/peer-user.ts';

const ends = { localAddress: '127.0.0.1', localPort: 0x8893, remoteAddress: '127.0.0.1', remotePort: 0x9e68 };
const rest = '00000000:00000000 00:00000000 00000000';
const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const ours = `  48: 0100007F:8893 0100007F:9E68 01 ${rest}     0        0 6036192 1 0 20 0 0 10 -1`;
const row = (user: number, theirs = '0100007F:9E68 0100007F:8893', state = '01') =>
  `  15: ${theirs} ${state} ${rest} ${user}        0 6036191 2 0 20 0 0 10 0`;
const inSix = (address: string) => `0000000000000000FFFF0000${address}`;

describe('the table', () => {
  it.each([
    ['another user', [header, ours, row(1001)], 1001],
    ['root', [header, ours, row(0)], 0],
    ['a client that speaks IPv6', [ours, row(1001, `${inSix('0100007F')}:9E68 ${inSix('0100007F')}:8893`)], 1001],
    ['a client that is half closed', [ours, row(1001, undefined, '05')], 1001],
    ['a client that is gone, whose row says user 0', [ours, row(0, undefined, '06')], 'gone'],
    ['a client that is gone without a row', [header, ours], 'gone'],
    ['a row of another port', [ours, row(1001, '0100007F:9E69 0100007F:8893')], 'gone'],
    ['a row of another address', [ours, row(1001, '0200007F:9E68 0100007F:8893')], 'gone'],
    ['a row to another door', [ours, row(1001, '0100007F:9E68 0100007F:8894')], 'gone'],
    ['a table without this connection', [header, row(1001, '0100007F:0001 0100007F:0002')], 'unknown'],
    ['no table', [''], 'unknown'],
    ['rubbish', ['a b c', '::::', '1: 0100007F:9E68'], 'unknown'],
    ['a user that is no number', [ours, row(1001).replace(' 1001 ', ' x ')], 'gone'],
  ] as const)('tells of %s', (_name, lines, expected) => {
    expect(findPeerUser(lines.join('\n'), ends)).toBe(expected);
  });

  it('is read once for all who wait, and anew for those that come later', async () => {
    let readings = 0;
    const release: (() => void)[] = [];
    const lookUp = createPeerLookup(async () => {
      readings += 1;
      await new Promise<void>((resolve) => release.push(resolve));
      return [ours, row(readings)].join('\n');
    });
    const first = lookUp(ends);
    await new Promise((resolve) => setImmediate(resolve));
    const later = [lookUp(ends), lookUp(ends)];
    release[0]?.();
    expect(await first).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    release[1]?.();
    expect(await Promise.all(later)).toEqual([2, 2]);
    expect(readings).toBe(2);
  });
});
