/** Every command with its summary and the file it is in: only the file of the command that runs is loaded. */
import type { Command } from 'commander';

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly hidden?: boolean;
  /** Gives the function that adds the command, with its own options and actions, to a program. */
  load(): Promise<(program: Command) => void>;
}

export const commandTable: readonly CommandRow[] = [
  {
    name: 'server',
    summary: 'register servers, test and trust them',
    load: async () => (await import('./commands/server.ts')).register,
  },
  {
    name: 'policy',
    summary: 'explain decisions and show the rules',
    load: async () => (await import('./commands/policy.ts')).register,
  },
  {
    name: 'doctor',
    summary: 'check this machine and the configuration',
    load: async () => (await import('./commands/doctor.ts')).register,
  },
  {
    name: 'info',
    summary: 'show versions and where files are',
    load: async () => (await import('./commands/info.ts')).register,
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    load: async () => (await import('./commands/completion.ts')).register,
  },
  {
    name: 'mcp-bridge',
    summary: 'connect an agent with the tools of its session (started by agents)',
    hidden: true,
    load: async () => (await import('./commands/mcp-bridge.ts')).register,
  },
  {
    name: 'host',
    summary: 'run the host in the foreground (started when it is needed)',
    hidden: true,
    load: async () => (await import('./commands/host.ts')).register,
  },
  {
    name: 'demo-agent',
    summary: 'the scripted agent of the demo (started by the host)',
    hidden: true,
    load: async () => (await import('./commands/demo-agent.ts')).register,
  },
];
