/** A demo begins by removing what an earlier one left, and nothing else. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoPaths } from '../../../src/cli/demo/demo-paths.ts';
import { startDemoServers } from '../../../src/cli/demo/start-demo-servers.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signalbox-demo-start-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('startDemoServers', () => {
  it('removes the configuration of an earlier demo', async () => {
    const paths = demoPaths({ SIGNALBOX_DEMO_HOME: join(root, 'demo') });
    mkdirSync(paths.config, { recursive: true });
    writeFileSync(paths.agentsFile, 'old');
    const servers = await startDemoServers(paths);
    await servers.close();
    expect(existsSync(paths.agentsFile)).toBe(false);
    expect(JSON.parse(readFileSync(paths.serversFile, 'utf8'))).toHaveLength(3);
  });

  it.each(['config', 'data'])('removes nothing behind a link that was put in the place of %s', async (name) => {
    const [home, precious] = [join(root, 'demo'), join(root, 'precious')];
    mkdirSync(home);
    mkdirSync(precious);
    writeFileSync(join(precious, 'letter'), 'dear');
    symlinkSync(precious, join(home, name));
    const paths = demoPaths({ SIGNALBOX_DEMO_HOME: home });
    await expect(startDemoServers(paths)).rejects.toThrow('is not a folder');
    expect(readFileSync(join(precious, 'letter'), 'utf8')).toBe('dear');
  });
});
