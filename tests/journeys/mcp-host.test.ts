/** The built program as an MCP server that an editor starts: it starts the host, waits for a person at the screen, and ends with the editor. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { canRun } from '../fixtures/explain-skip.ts';
import {
  ensureProgram,
  killAndWait,
  openProgramWorld,
  type ProgramWorld,
  pressOnCard,
} from '../fixtures/program-world.ts';
import { type Sshd, sshdAvailable, startSshd } from '../fixtures/sshd.ts';
import { smallTerminal, tmuxAvailable } from '../fixtures/terminals.ts';

const canRunHere = canRun('an MCP host', sshdAvailable()) && canRun('an MCP host', tmuxAvailable());

describe.runIf(canRunHere)('an MCP host outside of signalbox', () => {
  let web: Sshd;
  let world: ProgramWorld;
  beforeAll(async () => {
    ensureProgram();
    web = await startSshd();
    world = openProgramWorld();
    world.register({ 'web-1': { sshd: web, environment: 'staging' } });
  });
  afterAll(async () => {
    await world?.dispose();
    await web?.stop();
  });

  async function openEditor(): Promise<Client> {
    const client = new Client({ name: 'editor', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: join(world.home, 'bin', 'signalbox'),
        args: ['mcp', '--server', 'web-1', '--title', 'Editor'],
        env: { SIGNALBOX_HOME: world.home, HOME: world.home, PATH: process.env.PATH ?? '' },
        stderr: 'ignore',
      }),
    );
    return client;
  }

  const sessions = async (): Promise<readonly { readonly origin: string }[]> =>
    JSON.parse((await world.signalbox('ls', '--json')).stdout);

  it('reads at once, writes when the screen approves, and leaves nothing behind', async () => {
    const client = await openEditor();
    expect(client.getInstructions()).toContain('list_servers');
    const read = await client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', argv: ['uname', '-s'] } });
    expect(read.structuredContent).toMatchObject({ status: 'ok', data: { stdout: 'Linux\n' } });
    expect(await sessions()).toMatchObject([
      { origin: 'external', isolation: { state: 'NOT CONTAINED' }, title: 'Editor' },
    ]);

    const file = join(web.folder, 'made');
    const call = client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', argv: ['touch', file] } });
    const screen = await world.terminal(smallTerminal);
    screen.enter('signalbox');
    await screen.until('touch');
    screen.press('C-]', 'a');
    await screen.until('a approve');
    screen.press('G');
    await screen.until('Host key');
    await pressOnCard(screen, 'a', /touch \S+\s+done/);
    expect((await call).structuredContent).toMatchObject({ status: 'ok' });
    expect(existsSync(file)).toBe(true);
    await client.close();
    await eventually(async () => expect((await world.view()).sessions).toEqual({}));
    expect(await sessions()).toEqual([]);
  });

  it('reads what the server is, and a person sees the same', async () => {
    const client = await openEditor();
    const [resource] = (await client.listResources()).resources;
    const refresh = () => world.signalbox('server', 'facts', 'web-1', '--refresh');
    const facts = await eventually(async () => {
      const { contents } = await client.readResource({ uri: resource?.uri ?? '' });
      const read = JSON.parse((contents[1] as { text: string }).text);
      const told = { server: 'web-1', kernel: expect.stringMatching(/^Linux /), processors: expect.any(Number) };
      // On a busy machine what it was asked may have been ended by its time limit: then a person asks again.
      if (read.kernel === null || read.processors === null) await refresh();
      expect(read).toMatchObject(told);
      return read;
    });
    // One machine, one clock.
    expect(facts.clockSkewSeconds).toBe(0);
    const same = await world.signalbox('server', 'facts', 'web-1', '--json');
    expect(JSON.parse(same.stdout)).toEqual(facts);
    await eventually(async () => {
      const { stdout } = await refresh();
      expect(stdout).toMatch(/^server\s+web-1\nseen\s+\d+ s ago\n/);
      expect(stdout).toMatch(/^memory\s+\S+ \S+ available of/m);
    });
    const log = await world.signalbox('audit', 'list', 'tool:probe', '--json');
    expect(log.stdout).toContain('"origin":"program"');
    expect((await world.signalbox('server', 'facts', 'nope')).code).toBe(2);
    await client.close();
  });

  it('is told when the host was killed while its call waited, and goes on with the next host', async () => {
    const client = await openEditor();
    const call = client.callTool({ name: 'remote_exec', arguments: { server: 'web-1', argv: ['touch', '/never'] } });
    const told = expect(call).rejects.toThrow('The host of signalbox is gone');
    await eventually(async () => expect(JSON.stringify((await world.view()).approvals)).toContain('touch'));
    await killAndWait(world.hostPid());
    await told;
    const read = { name: 'remote_exec', arguments: { server: 'web-1', argv: ['uname', '-s'] } };
    await expect(client.callTool(read)).rejects.toThrow('The host of signalbox is gone');
    const changed = new Promise<void>((resolve) =>
      client.setNotificationHandler('notifications/tools/list_changed', () => resolve()),
    );
    // This one needs a host, and starts it.
    await world.signalbox('server', 'facts', 'web-1');
    await changed;
    expect((await client.callTool(read)).structuredContent).toMatchObject({ data: { stdout: 'Linux\n' } });
    await client.close();
  });
});
