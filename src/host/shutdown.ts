/** Runs the steps of a shutdown in order. A step that fails or hangs is told and left behind; the next ones run all the same. */
import type { Clock } from '../base/clock.ts';

export interface ShutdownStep {
  readonly name: string;
  /** How long the others wait for it. */
  readonly timeoutMs: number;
  run(): Promise<void> | void;
}

/** Never rejects; returns one sentence for each step that failed. */
export async function shutDown(
  steps: readonly ShutdownStep[],
  clock: Clock,
  log: (line: string) => void,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const step of steps) {
    const problem = await runStep(step, clock);
    if (problem === null) continue;
    problems.push(`${step.name}: ${problem}`);
    log(`shutdown: ${step.name}: ${problem}`);
  }
  return problems;
}

async function runStep({ timeoutMs, run }: ShutdownStep, clock: Clock): Promise<string | null> {
  return new Promise((resolve) => {
    const deadline = clock.after(timeoutMs, () => resolve(`did not end within ${timeoutMs} ms`));
    const finish = (problem: string | null): void => {
      deadline.dispose();
      resolve(problem);
    };
    // Started in a promise, so that an error thrown at once is an error of this step, too.
    Promise.resolve()
      .then(run)
      .then(
        () => finish(null),
        (error: Error) => finish(error.message),
      );
  });
}
