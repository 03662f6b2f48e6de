/** GitHub Copilot CLI from npm. */
import { copilotDriver } from './drivers/copilot.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(copilotDriver);
