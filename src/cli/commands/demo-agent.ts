/** `signalbox demo-agent` (hidden): the bundled agent, started by the host like any other. */
import type { Command } from 'commander';

export function register(program: Command): void {
  program
    .command('demo-agent')
    .description('run the bundled demo agent on stdin and stdout')
    .action(async () => {
      const { runDemoAgent } = await import('../../embedded/agent/demo-agent.ts');
      await runDemoAgent();
    });
}
