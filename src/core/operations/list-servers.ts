/** `list_servers`: which servers the caller may touch, without anything that would open them. */
import { z } from 'zod';
import { environments } from '../server.ts';
import { operation } from './operation.ts';

export const listServers = operation({
  name: 'list_servers',
  title: 'List servers',
  description:
    'Lists the servers you may work on: id, environment, labels, groups and connection state. Call it first; every other tool takes one of these ids.',
  effect: 'read',
  input: z.strictObject({}),
  output: z.object({
    servers: z.array(
      z.object({
        id: z.string(),
        environment: z.enum(environments),
        labels: z.array(z.string()),
        groups: z.array(z.string()),
        readonly: z.boolean(),
        roots: z.array(z.string()),
        state: z.string(),
        facts: z.string().optional().describe('The resource that tells what the server is.'),
      }),
    ),
  }),
  summary: () => 'list servers',
});
