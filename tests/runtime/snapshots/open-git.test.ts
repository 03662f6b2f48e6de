/** How git is asked where there is nothing to ask it of. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openGit } from '../../../src/runtime/snapshots/open-git.ts';

afterEach(() => vi.useRealTimers());

describe('a repository that is gone', () => {
  it('is told at once, and leaves no timer that would fail later', async () => {
    vi.useFakeTimers();
    const git = openGit(join(tmpdir(), 'signalbox-no-such-repository'));
    await expect(git.run(['status'], '')).rejects.toThrow('does not exist');
    expect(vi.getTimerCount()).toBe(0);
  });
});
