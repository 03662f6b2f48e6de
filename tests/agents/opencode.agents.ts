/** opencode from npm. */
import { opencodeDriver, opencodeLogin } from './drivers/opencode.ts';
import { describeLoginByFile } from './login-by-file.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(opencodeDriver);
describeLoginByFile(opencodeDriver, opencodeLogin);
