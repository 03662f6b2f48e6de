/** Lines that wait for the disk: what is being written stays as it is, whatever comes meanwhile. */
import { describe, expect, it } from 'vitest';
import { WaitingLines } from '../../../src/runtime/recordings/waiting-lines.ts';
import fc from '../../fixtures/properties.ts';

describe('lines that wait', () => {
  it('are all taken, once and in order, and stay as they are until they are given back', () => {
    const step = fc.oneof(fc.uint8Array({ maxLength: 9_000 }), fc.constantFrom('take', 'give back'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const waiting = new WaitingLines();
        const added: Uint8Array[] = [];
        const written: Buffer[] = [];
        let taken: Buffer | null = null;
        const giveBack = (): void => {
          if (taken !== null) written.push(Buffer.from(taken));
          taken = null;
          waiting.giveBack();
        };
        for (const step of steps) {
          if (step instanceof Uint8Array) {
            waiting.add(step);
            added.push(step.slice());
            step.fill(0);
          } else if (step === 'give back') giveBack();
          else taken ??= waiting.take();
        }
        giveBack();
        written.push(Buffer.from(waiting.take()));
        expect(waiting.bytes).toBe(0);
        expect(Buffer.concat(written).equals(Buffer.concat(added))).toBe(true);
      }),
    );
  });
});
