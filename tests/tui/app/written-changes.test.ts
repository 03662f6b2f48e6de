/** The difference of a change that was made, in the call that made it: as the log has it, whatever the agent says. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeServer, makeSession, makeTool } from '../../fixtures/fake-host.ts';
import { openScreenWorld, type ScreenWorld } from '../../fixtures/screen-world.ts';

let world: ScreenWorld;
afterEach(() => world.dispose());

const path = '/srv/app/nginx.conf';
const diff = `--- a${path}\n+++ b${path}\n@@ -1,2 +1,3 @@\n gzip on;\n-workers 1;\n+workers 4;\n+keepalive 20;\n`;
const answer =
  'status: ok\nmessage: The operator changed it.\naudit: id A1-conf, logWritten true\ndata: {"sha256":"ab"}\n--- operatorDiff\n-told\n---';
const asked = { tool: 'remote_patch_file', server: 'web-1', summary: `patch ${path}` };
const record = { type: 'result', session: 'S1', tool: 'remote_patch_file', changedPath: path };

async function open(found: object | null, change: Partial<Parameters<typeof makeTool>[1]> = {}): Promise<void> {
  world = openScreenWorld(100, 40, (host) => {
    host.handlers['audit.detail'] = () => {
      if (found === null) throw new Error('The log cannot be read.');
      return { records: [{ type: 'intent', path: '/other' }, found], diff, diffNote: null } as never;
    };
    host.emit(
      { type: 'servers.replaced', servers: { 'web-1': makeServer('web-1') } },
      {
        type: 'session.added',
        session: makeSession('S1', {
          servers: ['web-1'],
          items: [makeTool(1, { detail: answer, asked, ...change })],
        }),
      },
    );
  });
  await world.press('\x1b');
  await world.screen();
}

describe('a call that changed a file', () => {
  it('says folded how many lines, shows the difference unfolded, and Y copies it', async () => {
    await open(record);
    expect(await world.screen()).toMatch(/✓ patch \/srv\/app\/nginx\.conf +▸ \+2 -1 /);
    await world.press('K');
    await world.press('\r');
    const screen = await world.screen();
    expect(screen).toMatch(/changes \/srv\/app\/nginx\.conf[^]*-workers 1;[^]*\+keepalive 20;/);
    expect(screen).toContain('The operator changed it.');
    expect(screen).not.toMatch(/told|sha256/);
    await world.press('Y');
    expect(world.terminal.written).toContain(`\x1b]52;c;${Buffer.from(diff).toString('base64')}`);
    expect(world.host.callsOf('audit.detail')).toEqual([{ id: 'A1-conf' }]);
  });

  it.each<[string, object | null]>([
    ['another session', { ...record, session: 'S2' }],
    ['another tool', { ...record, tool: 'remote_write_file' }],
    ['nothing that can be read', null],
  ])('shows what the agent says, and no difference, when its record is of %s', async (_name, found) => {
    await open(found);
    await world.press('K');
    await world.press('\r');
    const screen = await world.screen();
    expect(screen).toContain('-told');
    expect(screen).not.toContain('+keepalive 20;');
    expect(world.host.callsOf('audit.detail')).toHaveLength(1);
  });

  it.each<[string, Partial<Parameters<typeof makeTool>[1]>]>([
    ['has not ended', { status: 'in_progress' }],
    ['only reads', { asked: { ...asked, tool: 'remote_read_file' } }],
    ['is of no tool of ours', { detail: 'done' }],
  ])('is not looked up when it %s', async (_name, change) => {
    await open(record, change);
    expect(world.host.callsOf('audit.detail')).toEqual([]);
  });
});
