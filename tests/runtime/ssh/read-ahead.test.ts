/** The look at a file by a command: what its script prints, with the tools that a server may have. The script is run here, without a server. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { hashScript } from '../../../src/runtime/ssh/read-ahead.ts';
import { sha256 } from './lab.ts';

describe('a file is hashed by a command', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-ahead-'));
    path = join(folder, '-n a file');
    writeFileSync(path, 'content\n');
    writeFileSync(join(folder, 'large'), '');
    truncateSync(join(folder, 'large'), limits.writeBytesMax + 1);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const tool of ['find', 'head'])
      symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(folder, tool));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const look = (of: string, once = '', PATH = process.env['PATH'] ?? ''): string => {
    const { stdout } = spawnSync('/bin/sh', ['-c', hashScript, 'sh', of, 'WORD', once], { env: { PATH } });
    return stdout.toString();
  };

  it('by sha256sum where there is one', () => {
    expect(look(path)).toBe(`WORD\nhash\n${sha256('content\n')}  -\n`);
    expect(look(path, join(folder, 'gone'))).toBe(look(path));
  });

  it('here, from all of it, where there is none', () => {
    expect(look(path, '', folder)).toBe('WORD\ncontent\ncontent\n');
  });

  it('here, if it is not too large to be sent', () => {
    expect(look(join(folder, 'large'), '', folder)).toBe('WORD\n');
  });

  it.each(['absent', 'pipe', '.'])('or not at all, if it is %s', (name) => {
    expect(look(join(folder, name))).toBe('WORD\n');
    expect(look(join(folder, name), '', folder)).toBe('WORD\n');
  });

  it('or not at all, while something is where nothing may be any more', () => {
    expect(look(path, join(folder, 'find'))).toBe('WORD\n');
  });
});
