/** `npm run bench`: runs the benchmarks that were asked for, one after another, and prints their table or, with --json, their numbers. */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.ts';
import { benchConversation } from './conversation.ts';
import { benchCrowd } from './crowd.ts';
import { benchDecide } from './decide.ts';
import { benchDistance } from './distance.ts';
import { benchExec } from './exec.ts';
import { benchFirstFrame } from './first-frame.ts';
import { benchFleet } from './fleet.ts';
import { benchFlood } from './flood.ts';
import { benchHour } from './hour.ts';
import { benchInterrupt } from './interrupt.ts';
import { benchLists } from './lists.ts';
import { type Effort, type Report, toTable } from './measure.ts';
import { benchPalette } from './palette.ts';
import { benchPanes } from './panes.ts';
import { benchRedact } from './redact.ts';
import { benchRegistry } from './registry.ts';
import { benchTransfer } from './transfer.ts';
import { benchWholeProgram } from './whole-program.ts';

const benches: Readonly<Record<string, (effort: Effort, minutes?: number) => Promise<Report>>> = {
  audit: benchAudit,
  conversation: benchConversation,
  crowd: benchCrowd,
  decide: benchDecide,
  distance: benchDistance,
  exec: benchExec,
  'first-frame': benchFirstFrame,
  fleet: benchFleet,
  flood: benchFlood,
  hour: benchHour,
  interrupt: benchInterrupt,
  lists: benchLists,
  palette: benchPalette,
  panes: benchPanes,
  redact: benchRedact,
  registry: benchRegistry,
  transfer: benchTransfer,
  'whole-program': benchWholeProgram,
};

const usage = `Usage: npm run bench -- [--only NAME] [--quick] [--minutes N] [--json]; NAME is ${Object.keys(benches).join(', ')}. --minutes is for flood and hour, which is run only when it is named.`;

process.exitCode = await run();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  const reports: Report[] = [];
  for (const name of options.names) {
    process.stderr.write(`measuring ${name} ...\n`);
    const bench = benches[name];
    if (bench) reports.push(await bench(options.effort, options.minutes));
  }
  const load = loadavg()[0] ?? 0;
  const machine = { node: process.version, cores: availableParallelism(), load };
  const conditions = `Node ${process.version}, ${machine.cores} cores, load ${load.toFixed(1)} at the end: the calmer, the truer.`;
  process.stdout.write(
    options.json ? `${JSON.stringify({ machine, reports }, null, 2)}\n` : `\n${toTable(reports)}\n\n${conditions}\n`,
  );
  return 0;
}

interface Options {
  readonly names: readonly string[];
  readonly effort: Effort;
  readonly json: boolean;
  /** How long a benchmark lasts that lasts as long as one likes. */
  readonly minutes: number | undefined;
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        minutes: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const names = values.only ?? Object.keys(benches).filter((one) => one !== 'hour');
    const unknown = names.find((one) => !(one in benches));
    const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
    if (minutes !== undefined && !(minutes > 0 && minutes <= 1_440)) throw new Error('--minutes is 0.1 to 1440.');
    if (unknown === undefined && !values.help)
      return { names, effort: values.quick ? 'quick' : 'full', json: values.json === true, minutes };
    process.stderr.write(values.help ? `${usage}\n` : `There is no benchmark "${unknown}". ${usage}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message} ${usage}\n`);
  }
  return null;
}
