/** `npm run bench`: runs the benchmarks that were asked for, one after another, and prints their table or, with --json, their numbers. */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.ts';
import { benchDecide } from './decide.ts';
import { benchExec } from './exec.ts';
import { benchFirstFrame } from './first-frame.ts';
import { type Effort, type Report, toTable } from './measure.ts';
import { benchPanes } from './panes.ts';
import { benchRedact } from './redact.ts';

const benches: Readonly<Record<string, (effort: Effort) => Promise<Report>>> = {
  audit: benchAudit,
  decide: benchDecide,
  exec: benchExec,
  'first-frame': benchFirstFrame,
  panes: benchPanes,
  redact: benchRedact,
};

const usage = `Usage: npm run bench -- [--only NAME] [--quick] [--json]; NAME is ${Object.keys(benches).join(', ')}.`;

process.exitCode = await run();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const reports: Report[] = [];
  for (const name of options.names) {
    process.stderr.write(`measuring ${name} ...\n`);
    const bench = benches[name];
    if (bench) reports.push(await bench(options.effort));
  }
  const load = loadavg()[0] ?? 0;
  const machine = { node: process.version, cores: availableParallelism(), load };
  const conditions = `Node ${process.version}, ${machine.cores} cores, load ${load.toFixed(1)} at the end: the calmer, the truer.`;
  process.stdout.write(
    options.json ? `${JSON.stringify({ machine, reports }, null, 2)}\n` : `\n${toTable(reports)}\n\n${conditions}\n`,
  );
  return 0;
}

function readOptions(): { readonly names: readonly string[]; readonly effort: Effort; readonly json: boolean } | null {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const names = values.only ?? Object.keys(benches);
    const unknown = names.find((one) => !(one in benches));
    if (unknown === undefined && !values.help)
      return { names, effort: values.quick ? 'quick' : 'full', json: values.json === true };
    process.stderr.write(values.help ? `${usage}\n` : `There is no benchmark "${unknown}". ${usage}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message} ${usage}\n`);
  }
  return null;
}
