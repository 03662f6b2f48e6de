/** The table of inspection commands that may run without a question when every word of them is known. */
import type { CommandRule } from '../command-rule.ts';
import { comparerCommands } from './comparers.ts';
import { fileCommands } from './files.ts';
import { find } from './find.ts';
import { machineCommands } from './machine.ts';
import { monitorCommands } from './monitors.ts';
import { networkCommands } from './network.ts';
import { packageCommands } from './packages.ts';
import { peopleCommands } from './people.ts';
import { processCommands } from './processes.ts';
import { reachCommands } from './reach.ts';
import { readerCommands } from './readers.ts';
import { serviceCommands } from './services.ts';
import { systemCommands } from './system.ts';
import { textCommands } from './text.ts';

export const commandTable: ReadonlyMap<string, CommandRule> = new Map(
  [
    ...textCommands,
    ...fileCommands,
    find,
    ...systemCommands,
    ...peopleCommands,
    ...processCommands,
    ...serviceCommands,
    ...networkCommands,
    ...reachCommands,
    ...readerCommands,
    ...comparerCommands,
    ...machineCommands,
    ...monitorCommands,
    ...packageCommands,
  ].map((rule) => [rule.name, rule]),
);
