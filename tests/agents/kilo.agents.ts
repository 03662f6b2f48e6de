/** Kilo Code from npm. */
import { kiloDriver } from './drivers/kilo.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(kiloDriver);
