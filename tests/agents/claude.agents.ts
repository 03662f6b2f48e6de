/** Claude Code from npm, through its adapter, under a newer Node. */
import { claudeDriver } from './drivers/claude.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(claudeDriver);
