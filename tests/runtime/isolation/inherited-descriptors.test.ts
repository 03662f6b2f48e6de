/** A file that whoever started the host left open is closed before an agent could inherit it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { canRun } from '../../fixtures/explain-skip.ts';

const file = resolve('src/runtime/isolation/create-isolation.ts');
const perl = { ok: spawnSync('perl', ['-e', '1']).status === 0, reason: 'perl is not installed' };
const wall = await createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' }).available();

describe.runIf(canRun('inherited descriptors', perl) && canRun('inherited descriptors', wall))('an open file', () => {
  it('is not passed on to an isolated process', () => {
    // Node itself can leave nothing open for its children, so another program starts it.
    const leave = `use POSIX; open(D, "<", "/etc/passwd") or die; dup2(fileno(D), 200) or die; exec @ARGV or die`;
    const script = `
      import { createIsolation } from ${JSON.stringify(file)};
      import { execFileSync } from 'node:child_process';
      const isolation = createIsolation({ platform: 'linux', searchPath: process.env.PATH });
      const plain = execFileSync('/bin/ls', ['/proc/self/fd'], { encoding: 'utf8' });
      const spec = { argv: ['/bin/ls', '/proc/self/fd'], env: {}, cwd: '/tmp', home: '/tmp', readOnlyPaths: [], readWritePaths: [] };
      const { spec: { argv: [program, ...args] } } = await isolation.wrap(spec, { toolsOff: false, network: 'none' });
      process.stdout.write(JSON.stringify([plain, execFileSync(program, args, { env: {}, encoding: 'utf8' })]));`;
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-inherited-'));
    const [source, built] = [join(folder, 'probe.ts'), join(folder, 'probe.mjs')];
    writeFileSync(source, script);
    buildSync({ entryPoints: [source], outfile: built, bundle: true, platform: 'node', format: 'esm' });
    const words = ['-e', leave, process.execPath, built];
    const [plain, isolated] = JSON.parse(execFileSync('perl', words, { encoding: 'utf8' }));
    rmSync(folder, { recursive: true });
    expect(plain.split('\n')).toContain('200');
    expect(isolated.split('\n')).not.toContain('200');
  });
});
