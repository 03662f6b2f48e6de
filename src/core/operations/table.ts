/** The table of operations: everything that can be asked of a server. Tools, handlers, commands and screens are spellings of it. */
import type { z } from 'zod';
import { durableCommand } from './durable-command.ts';
import { listServers } from './list-servers.ts';
import { probe } from './probe.ts';
import { remoteExec } from './remote-exec.ts';
import { remoteFind } from './remote-find.ts';
import { remoteListDir } from './remote-list-dir.ts';
import { remotePatchFile } from './remote-patch-file.ts';
import { remoteReadFile } from './remote-read-file.ts';
import { remoteStat } from './remote-stat.ts';
import { remoteWriteFile } from './remote-write-file.ts';
import { rollbackFile } from './rollback-file.ts';
import { shellOpen } from './shell-open.ts';

export const operations = {
  list_servers: listServers,
  remote_exec: remoteExec,
  remote_read_file: remoteReadFile,
  remote_write_file: remoteWriteFile,
  remote_patch_file: remotePatchFile,
  remote_list_dir: remoteListDir,
  remote_stat: remoteStat,
  remote_find: remoteFind,
} as const;

/** What only a person may ask for: never offered to an agent, and unknown to it. */
export const operatorOperations = {
  rollback_file: rollbackFile,
  shell_open: shellOpen,
  durable_command: durableCommand,
} as const;

/** What only the program itself asks for: unknown to everybody else. */
export const programOperations = { probe } as const;

export const allOperations = { ...operations, ...operatorOperations, ...programOperations } as const;

export type Operations = typeof allOperations;
export type OperationName = keyof Operations;
/** As a record names what was asked for: by a name that there is, or not. */
export type AskedOperation = OperationName | 'unknown';
/** Those that agents are offered as tools. */
export type ToolName = keyof typeof operations;
export type OperationInput<Name extends OperationName> = z.output<Operations[Name]['input']>;
export type OperationData<Name extends OperationName> = z.output<Operations[Name]['output']>;

export const operationNames = Object.keys(operations) as ToolName[];

export function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(allOperations, name);
}

export function isOperatorOperation(name: string): boolean {
  return Object.hasOwn(operatorOperations, name);
}

export function isProgramOperation(name: string): boolean {
  return Object.hasOwn(programOperations, name);
}
