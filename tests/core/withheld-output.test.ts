/** Output of a read by name is held until its real paths were judged, and taken back when a later look says otherwise. */
import { describe, expect, it } from 'vitest';
import type { ExecAction } from '../../src/core/action.ts';
import { createPolicy } from '../../src/core/policy/create-policy.ts';
import { WithheldOutput } from '../../src/core/withheld-output.ts';
import { memoryTarget } from '../fixtures/memory-world.ts';

const policy = createPolicy();
const target = memoryTarget();
const path = '/srv/app/link';

function open() {
  const decision = policy.decide({ kind: 'argv', argv: ['cat', path], cwd: null, hasStdin: false }, target);
  const action = { kind: 'exec', realPathsOf: decision.paths } as unknown as ExecAction;
  const shown: string[] = [];
  const withheld = new WithheldOutput(decision, action, policy, target, (_stream, chunk) => {
    shown.push(Buffer.from(chunk).toString());
  });
  const print = (text: string) => withheld.sink.onOutput?.('stdout', Buffer.from(text));
  const look = (real: string) => withheld.sink.onRealPaths?.(new Map([[path, real]]));
  return { decision, withheld, shown, print, look };
}

describe('output of a read by name', () => {
  it('is shown once the path was looked up, and stays so when the second look agrees', () => {
    const { decision, withheld, shown, print, look } = open();
    expect(decision.outcome).toBe('auto-allow');
    print('a');
    expect(shown).toEqual([]);
    look('/srv/app/a');
    print('b');
    look('/srv/app/a');
    expect([shown, withheld.settle()]).toEqual([['a', 'b'], null]);
  });

  it.each(['/etc/shadow', '/proc/1/environ', '/srv/app/.env', '/dev/zero'])(
    'is a question when the second look finds %s',
    (secret) => {
      const { withheld, print, look } = open();
      look('/srv/app/a');
      look(secret);
      print('late');
      expect(withheld.settle()).toMatchObject({ outcome: 'approval-required' });
    },
  );

  it.each(['/etc/shadow', '/srv/app/.env'])(
    'is never shown when the first look finds %s, whatever the second says',
    (secret) => {
      const { withheld, shown, print, look } = open();
      print('a');
      look(secret);
      look('/srv/app/a');
      print('b');
      expect(shown).toEqual([]);
      expect(withheld.settle()).toMatchObject({ outcome: 'approval-required', rule: 'floor.sensitive-path' });
    },
  );

  it('is withheld when nobody could look', () => {
    const { withheld, shown, print } = open();
    print('a');
    expect([shown, withheld.settle()?.rule]).toEqual([[], 'floor.real-path-unknown']);
  });
});
