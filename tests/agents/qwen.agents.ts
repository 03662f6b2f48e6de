/** Qwen Code from npm, under a newer Node. */
import { qwenDriver } from './drivers/qwen.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(qwenDriver);
