/** `probe`: one command of the fixed list that tells what a server is. The program's alone: nobody else can ask for it. */
import { z } from 'zod';
import { probeNames, probes } from '../facts/probe-table.ts';
import { serverField } from './fields.ts';
import { operation } from './operation.ts';
import { remoteExec } from './remote-exec.ts';

export const probe = operation({
  name: 'probe',
  title: 'Look what a server is',
  description: 'Runs one command of a fixed list that only reads.',
  effect: 'read',
  input: z.strictObject({ server: serverField, probe: z.enum(probeNames) }),
  output: remoteExec.output,
  summary: (input) => probes[input.probe].join(' '),
});
