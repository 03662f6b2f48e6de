/** The address that the bridge repeats: in a network namespace of its own, where nothing of this machine can be reached, it leads to the door. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeatAddress } from '../../../src/cli/mcp/forward-http.ts';
import type { ToolEndpoint } from '../../../src/core/agents.ts';
import { canRun } from '../../fixtures/explain-skip.ts';
import { initialize } from '../../fixtures/open-http-door.ts';
import { openSession } from '../../fixtures/open-session.ts';
import { whenDone } from '../../fixtures/when-done.ts';

let folder = '';
let bridge = '';
let client = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-forward-'));
  bridge = join(folder, 'bridge.mjs');
  client = join(folder, 'client.mjs');
  await build({
    stdin: {
      contents: `import { forwardHttp } from './forward-http.ts';
        const [port, , ...command] = process.argv.slice(2);
        process.exitCode = await forwardHttp({ port: Number(port), command, env: process.env, stderr: process.stderr });`,
      resolveDir: new URL('../../../src/cli/mcp', import.meta.url).pathname,
      loader: 'ts',
    },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile: bridge },
  });
  // Stands for the agent: one request, and what it knows of its environment.
  writeFileSync(
    client,
    `const [url, token, body] = process.argv.slice(2);
    const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const answer = await fetch(url, { method: 'POST', headers, body });
    const names = Object.keys(process.env).filter((name) => name.startsWith('SIGNALBOX_TOOL'));
    console.log(JSON.stringify({ status: answer.status, names, text: await answer.text() }));
    process.exit(7);`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function openDoor() {
  const { agent } = await openSession();
  const { toolSocket, toolToken, openToolEndpoint } = agent.options;
  const { url, port } = (await openToolEndpoint?.()) as ToolEndpoint;
  const env = { PATH: process.env.PATH, SIGNALBOX_TOOL_SOCKET: toolSocket, SIGNALBOX_TOOL_TOKEN: toolToken };
  const agentArgv = [process.execPath, client, url, toolToken, initialize];
  return {
    toolSocket,
    toolToken,
    port,
    env,
    agentArgv,
    forwarded: [process.execPath, bridge, String(port), '--', ...agentArgv],
  };
}

const trial = spawnSync('bwrap', ['--unshare-net', '--ro-bind', '/', '/', '--', '/bin/true'], { encoding: 'utf8' });
const state = { ok: trial.status === 0, reason: `bubblewrap does not work here: ${trial.stderr}` };

describe.runIf(canRun('a network of its own', state))('an agent in a network of its own', () => {
  const inOwnNetwork = (argv: readonly string[], toolSocket: string): string[] => [
    ...['bwrap', '--unshare-net', '--unshare-pid', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'],
    ...['--bind', dirname(toolSocket), dirname(toolSocket), '--', ...argv],
  ];

  it('reaches its tools at the same address, and its exit status is passed on', async () => {
    const { forwarded, env, toolSocket } = await openDoor();
    const { code, stdout, stderr } = await run(inOwnNetwork(forwarded, toolSocket), env);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, names: [], text: expect.stringContaining('serverInfo') });
    expect(code).toBe(7);
  });

  it('reaches nothing without the bridge', async () => {
    const { agentArgv, env, toolSocket } = await openDoor();
    const { stderr } = await run(inOwnNetwork(agentArgv, toolSocket), env);
    expect(stderr).toContain('ECONNREFUSED');
  });
});

describe('an agent in the network of this machine', () => {
  it('reaches the door itself, since its port is taken', async () => {
    const { forwarded, env } = await openDoor();
    const { code, stdout } = await run(forwarded, env);
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, names: [] });
    expect(code).toBe(7);
  });

  it.each([
    ['without a token', { SIGNALBOX_TOOL_TOKEN: undefined }, [process.execPath, '-e', ''], 'SIGNALBOX_TOOL_TOKEN'],
    ['that is not there', {}, ['/nowhere/agent'], 'cannot be started'],
  ])('is not started %s', async (_name, change, command, words) => {
    const { port, env } = await openDoor();
    const argv = [process.execPath, bridge, String(port), '--', ...command];
    const { code, stderr } = await run(argv, { ...env, ...change });
    expect(stderr).toContain(words);
    expect(code).toBe(1);
  });
});

describe('the address', () => {
  it('is left alone when it is taken', async () => {
    const taken = createServer();
    whenDone(() => void taken.close());
    await new Promise<void>((resolve) => taken.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const { port } = taken.address() as { port: number };
    expect(await repeatAddress(port, join(folder, 'none.sock'), 'x')).toBeNull();
  });
});
