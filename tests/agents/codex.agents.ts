/** Codex from npm, through its adapter. */
import { codexDriver, codexLogin } from './drivers/codex.ts';
import { describeLoginByFile } from './login-by-file.ts';
import { describeRealAgent } from './real-agent-suite.ts';

describeRealAgent(codexDriver);
describeLoginByFile(codexDriver, codexLogin);
