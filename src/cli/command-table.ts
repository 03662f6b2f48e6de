/** Every command with its summary and the file it is in: only the file of the command that runs is loaded. */
import type { Command } from 'commander';

export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly hidden?: boolean;
  /** Gives the function that adds the command, with its own options and actions, to a program. */
  load(): Promise<(program: Command) => void>;
}

/** In the order of the help: work first, then what is set up once, then what is looked up. */
export const commandTable: readonly CommandRow[] = [
  {
    name: 'demo',
    summary: 'try everything on embedded servers',
    load: async () => (await import('./commands/demo.ts')).register,
  },
  {
    name: 'new',
    summary: 'start a session with an agent',
    load: async () => (await import('./commands/new.ts')).register,
  },
  {
    name: 'ls',
    summary: 'list sessions',
    load: async () => (await import('./commands/ls.ts')).register,
  },
  {
    name: 'attach',
    summary: 'open the screen on a session',
    load: async () => (await import('./commands/attach.ts')).register,
  },
  {
    name: 'shell',
    summary: 'open the screen on a shell of your own on a server',
    load: async () => (await import('./commands/shell.ts')).register,
  },
  {
    name: 'rename',
    summary: 'rename a session',
    load: async () => (await import('./commands/rename.ts')).register,
  },
  {
    name: 'kill',
    summary: 'end sessions with their agents',
    load: async () => (await import('./commands/kill.ts')).register,
  },
  {
    name: 'session',
    summary: 'list, search and export sessions, change and start their agents',
    load: async () => (await import('./commands/session.ts')).register,
  },
  {
    name: 'run',
    summary: 'send one prompt to an agent, without a screen',
    load: async () => (await import('./commands/run.ts')).register,
  },
  {
    name: 'exec',
    summary: 'run one command of your own on one or several servers, through the gate',
    load: async () => (await import('./commands/exec.ts')).register,
  },
  {
    name: 'commands',
    summary: 'list, follow and end commands that go on without signalbox',
    load: async () => (await import('./commands/commands.ts')).register,
  },
  {
    name: 'file',
    summary: 'read, write, patch, list and find files on a server, through the gate',
    load: async () => (await import('./commands/file.ts')).register,
  },
  {
    name: 'approvals',
    summary: 'list, show, approve and deny what waits',
    load: async () => (await import('./commands/approvals.ts')).register,
  },
  {
    name: 'waiting',
    summary: 'list all that waits for you, over all sessions',
    load: async () => (await import('./commands/waiting.ts')).register,
  },
  {
    name: 'server',
    summary: 'register servers, test and trust them',
    load: async () => (await import('./commands/server.ts')).register,
  },
  {
    name: 'agent',
    summary: 'show the agents that can be attached, and try them',
    load: async () => (await import('./commands/agent.ts')).register,
  },
  {
    name: 'policy',
    summary: 'explain what may run without a question, and what may not',
    load: async () => (await import('./commands/policy.ts')).register,
  },
  {
    name: 'audit',
    summary: 'read the record, check that it is intact, take changes back',
    load: async () => (await import('./commands/audit.ts')).register,
  },
  {
    name: 'mcp',
    summary: 'offer the tools to an MCP client (an editor, an assistant), over stdio',
    load: async () => (await import('./commands/mcp.ts')).register,
  },
  {
    name: 'redact',
    summary: 'take secrets out of a text',
    load: async () => (await import('./commands/redact.ts')).register,
  },
  {
    name: 'kill-host',
    summary: 'stop the host',
    load: async () => (await import('./commands/kill-host.ts')).register,
  },
  {
    name: 'doctor',
    summary: 'check this machine and the configuration',
    load: async () => (await import('./commands/doctor.ts')).register,
  },
  {
    name: 'keys',
    summary: 'list every key of the screen, with its name in config.json',
    load: async () => (await import('./commands/keys.ts')).register,
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
    summary: 'connect an agent with the tools of its session; started by agents',
    hidden: true,
    load: async () => (await import('./commands/mcp-bridge.ts')).register,
  },
  {
    name: 'host',
    summary: 'run the host in the foreground; clients start one by themselves',
    hidden: true,
    load: async () => (await import('./commands/host.ts')).register,
  },
  {
    name: 'demo-host',
    summary: 'run the host of the demo; started by demo',
    hidden: true,
    load: async () => (await import('./commands/demo-host.ts')).register,
  },
  {
    name: 'demo-agent',
    summary: 'run the scripted agent of the demo; started by the host',
    hidden: true,
    load: async () => (await import('./commands/demo-agent.ts')).register,
  },
];
