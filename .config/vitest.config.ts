import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Test servers read, as accounts of their own, what tests put into folders; workers inherit it.
process.umask(0o022);

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['tests/**/*.test.ts'],
    // Real sshd logins and real processes on a busy two-core machine: generous, because no test waits for luck.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One worker a core: the default leaves one core free, and of two that is half. Many tests wait for other processes.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
