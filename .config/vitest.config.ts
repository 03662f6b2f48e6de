import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Test servers read, as accounts of their own, what tests put into folders; workers inherit it.
process.umask(0o022);

// Node reads the certificates that this names at each start, before anybody asks for one, and that takes longer than the start itself; of
// all that tests start only npm talks to other machines, and gets it back (`tests/fixtures/npm.ts`).
const { NODE_EXTRA_CA_CERTS: certificates } = process.env;
if (certificates !== undefined) {
  process.env['TESTS_EXTRA_CA_CERTS'] = certificates;
  delete process.env['NODE_EXTRA_CA_CERTS'];
}

/** Tests of the whole program: each file has a process of its own. */
const whole = ['tests/{journeys,scripts}/**/*.test.ts', 'tests/*.test.ts', 'tests/engine/kills.test.ts'];

/** Tests of the whole program take longest and wait most: begun last, they would leave the processor idle at the end. */
class WholeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWhole = ({ project }: TestSpecification): boolean => project.name === 'whole';
    return [...sorted.filter(isWhole), ...sorted.filter((file) => !isWhole(file))];
  }
}

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Three workers a core: most tests wait for other processes, for terminals and disks.
    maxWorkers: 3 * availableParallelism(),
    projects: [
      {
        extends: true,
        // Its files share processes, and with them what they import: loading it for each one would take half of the time.
        test: { name: 'parts', include: ['tests/**/*.test.ts'], exclude: whole, isolate: false },
      },
      { extends: true, test: { name: 'whole', include: whole } },
    ],
    // Only a hang meets these: no test waits for luck, and a machine may be ten times slower and busy with other things.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 90_000, interval: 20 } },
    pool: 'forks',
    sequence: { sequencer: WholeFirst },
    setupFiles: ['tests/fixtures/clean-up.ts'],
  },
});
