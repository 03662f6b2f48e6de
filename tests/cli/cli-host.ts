/** The command line in this process against a host in memory. */
import { type RunningHost, runHost } from '../fixtures/running-host.ts';
import { type CliRun, type CliRunOptions, runInProcess } from './run.ts';

export type Cli = (argv: readonly string[], options?: Partial<CliRunOptions>) => Promise<CliRun>;

export async function cliHost(running?: RunningHost): Promise<RunningHost & { readonly cli: Cli }> {
  const host = running ?? (await runHost());
  const env = { SIGNALBOX_HOME: host.home };
  return { ...host, cli: (argv, options = {}) => runInProcess(argv, { env, cwd: '/', ...options }) };
}

/** Answers at a terminal, in order; `<code>` stands for the code the question names. */
export function typist(answers: readonly string[]): Pick<CliRunOptions, 'answers'> {
  return { answers };
}
