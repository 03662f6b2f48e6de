/** What happens when the key, the log or the second place fails at a start. */
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canMount, mountTiny } from '../../fixtures/mounts.ts';
import { linesOf, openSignedLog, setLines } from './signed-log.ts';

let log: ReturnType<typeof openSignedLog>;
beforeEach(() => {
  log = openSignedLog();
});
afterEach(() => log.dispose());

describe('the log does not open with', () => {
  it.each<[string, () => void]>([
    ['a key that others can read', () => chmodSync(log.keyFile, 0o644)],
    ['a key that is none', () => writeFileSync(log.keyFile, 'hello', { mode: 0o600 })],
    ['an empty key', () => writeFileSync(log.keyFile, '')],
    [
      'a key of another kind',
      () =>
        writeFileSync(log.keyFile, generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
    ],
    [
      'a folder for a key',
      () => {
        rmSync(log.keyFile);
        mkdirSync(log.keyFile, { mode: 0o700 });
      },
    ],
  ])('%s', async (_what, damage) => {
    await log.run({ operations: 1 });
    damage();
    await expect(log.run({ operations: 1 })).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      message: /key of the audit log/,
    });
  });
});

describe('notes at the next start', () => {
  it('say that the log was rewritten or cut', async () => {
    await log.run({ operations: 300 });
    await log.rewrite(300, 'forged');
    expect((await log.run({ operations: 1, name: 'x' })).join(' ')).toMatch(/is not the one that was signed/);
  });

  it('say that the end is gone, and numbering goes on behind it', async () => {
    await log.run({ operations: 300 });
    setLines(log.path('segment-000001.jsonl'), linesOf(log.path('segment-000001.jsonl')).slice(0, 100));
    rmSync(log.path('head.json'));
    expect((await log.run({ operations: 1, name: 'x' })).join(' ')).toMatch(
      /Record 902 was signed and the log ends at record 100/,
    );
    expect(JSON.parse(linesOf(log.path('segment-000002.jsonl'))[0] ?? '')).toMatchObject({ seq: 903 });
  });
});

describe.runIf(canMount('a full disk is tried on a small mount'))('a second place without room', () => {
  it('does not stop the log', async () => {
    const mount = join(log.base, 'disk');
    mkdirSync(mount);
    const unmount = mountTiny(mount, '64k');
    try {
      const second = join(mount, 'second.jsonl');
      appendFileSync(join(mount, 'fill'), Buffer.alloc(60 * 1024));
      await log.run({ operations: 600, second });
      expect(await log.verify()).toMatchObject({ ok: true });
      rmSync(join(mount, 'fill'));
      await log.run({ operations: 2, name: 'more', second });
      expect(await log.verify({ secondPlace: second })).toMatchObject({ ok: true });
    } finally {
      unmount();
    }
  });
});
