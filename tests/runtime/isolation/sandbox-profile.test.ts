/** The profile for macOS as a text: an allowlist. That sandbox-exec does what it says is not tested, for want of a Mac. */
import { describe, expect, it } from 'vitest';
import { toSandboxProfile } from '../../../src/runtime/isolation/sandbox-profile.ts';

const spec = {
  argv: ['/opt/agent/bin/agent'],
  env: {},
  cwd: '/Users/me/data/work/s1',
  home: '/Users/me/data/agents/a/home',
  readOnlyPaths: ['/opt/agent'],
  readWritePaths: ['/Users/me/run/tools/s1.sock'],
};

const lines = (network: 'host' | 'none', change = {}): readonly string[] =>
  toSandboxProfile({ ...spec, ...change }, network).split('\n');

describe('the profile for sandbox-exec', () => {
  it('denies what it does not allow, and says that it was not tried', () => {
    expect(lines('host').slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
    expect(lines('host').join('\n')).toContain('Never tried on a Mac');
  });

  it('writes the home, the work folder and the door of the agent, and devices that keep nothing', () => {
    const writing = lines('host').filter((line) => line.includes('file-write'));
    expect(writing).toEqual([
      `(allow file-write* (subpath "${spec.home}") (subpath "${spec.cwd}") (subpath "/Users/me/run/tools/s1.sock"))`,
      expect.stringMatching(/^\(allow file-write-data \(literal "\/dev\/null"\)/),
    ]);
  });

  it.each([
    '"/"',
    '"/Users"',
    '"/Users/me"',
    '"/private"',
    '"/private/var"',
    '"/private/tmp"',
    '"/private/etc"',
    '"/Library"',
    '"/Library/Keychains"',
  ])('opens no tree at %s', (path) => {
    expect(lines('host').join('\n')).not.toContain(`(subpath ${path})`);
  });

  it.each([
    'com.apple.pasteboard.1',
    'com.apple.SecurityServer',
    'com.apple.securityd',
    'com.apple.coreservices.appleevents',
  ])('reaches no service %s', (name) => {
    expect(lines('host').join('\n')).not.toContain(name);
  });

  it('signals nobody outside', () => {
    expect(lines('host').filter((line) => line.includes('signal'))).toEqual(['(allow signal (target same-sandbox))']);
  });

  it('has a network only when it is to have one, and its door always', () => {
    const door = '(allow network-outbound (literal "/Users/me/run/tools/s1.sock"))';
    expect(lines('none').filter((line) => line.includes('network'))).toEqual([door]);
    expect(lines('host').filter((line) => line.includes('network'))).toEqual([
      door,
      expect.stringContaining('(remote ip)'),
    ]);
  });

  it.each([
    ['a quotation mark', '/tmp/a") (allow default) ("', '(subpath "/tmp/a\\") (allow default) (\\"")'],
    ['a backslash', '/tmp/a\\', '(subpath "/tmp/a\\\\")'],
  ])('keeps %s in a name inside of its text', (_what, cwd, words) => {
    const text = lines('none', { cwd });
    expect(text.find((line) => line.startsWith('(allow file-write*'))).toContain(words);
    expect(text.filter((line) => line.startsWith('(allow default'))).toEqual([]);
  });
});
