/** Gemini CLI from npm. */
import { geminiDriver } from './drivers/gemini.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(geminiDriver);
