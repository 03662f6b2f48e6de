/** How git is asked where there is nothing to ask it of. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGit } from '../../../src/runtime/snapshots/open-git.ts';
import { HandClock } from '../../fixtures/hand-clock.ts';

describe('a repository that is gone', () => {
  it('is told at once, and leaves no timer that would fail later', async () => {
    const clock = new HandClock();
    const git = openGit(join(tmpdir(), 'signalbox-no-such-repository'), clock);
    await expect(git.run(['status'], '')).rejects.toThrow('does not exist');
    expect(clock.waiting).toBe(0);
  });
});
