/** The filter of system calls: run by a small interpreter of ours for both architectures, and by the kernel for a few real calls. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createIsolation } from '../../../src/runtime/isolation/create-isolation.ts';
import { toSystemCallFilter } from '../../../src/runtime/isolation/system-call-filter.ts';
import { canRun } from '../../fixtures/explain-skip.ts';

const audits = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
type Architecture = keyof typeof audits;
const [allow, refuse, absent, noFamily] = ['allow', 1, 38, 97] as const;

/** Classic BPF as seccomp(2) has it: loads, jumps and answers. */
function judge(filter: Uint8Array, number: number, args: readonly number[], audit: number): number | 'allow' {
  const program = new DataView(filter.buffer);
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, audit, true);
  args.forEach((value, index) => data.setBigUint64(16 + 8 * index, BigInt(value), true));
  let loaded = 0;
  for (let at = 0; at * 8 < filter.length; at += 1) {
    const code = program.getUint16(at * 8, true);
    const value = program.getUint32(at * 8 + 4, true);
    const jump = (test: boolean): number => program.getUint8(at * 8 + (test ? 2 : 3));
    if (code === 0x20) loaded = data.getUint32(value, true);
    else if (code === 0x05) at += value;
    else if (code === 0x15) at += jump(loaded === value);
    else if (code === 0x35) at += jump(loaded >= value);
    else if (code === 0x45) at += jump((loaded & value) !== 0);
    else if (code === 0x06) return value === 0x7fff0000 ? allow : value & 0xffff;
    else throw new Error(`An instruction that seccomp does not have: ${code}`);
  }
  throw new Error('It ends without an answer.');
}

const rows: readonly (readonly [string, number, number, readonly number[], number | 'allow'])[] = [
  ['read', 0, 63, [], allow],
  ['execve', 59, 221, [], allow],
  ['ptrace, which its process namespace bounds', 101, 117, [], allow],
  ['futex', 202, 98, [], allow],
  ['openat2', 437, 437, [], allow],
  ['add_key', 248, 217, [], refuse],
  ['request_key', 249, 218, [], refuse],
  ['keyctl', 250, 219, [], refuse],
  ['kexec_load', 246, 104, [], refuse],
  ['kexec_file_load', 320, 294, [], refuse],
  ['bpf', 321, 280, [], refuse],
  ['perf_event_open', 298, 241, [], refuse],
  ['userfaultfd', 323, 282, [], refuse],
  ['mount', 165, 40, [], refuse],
  ['umount2', 166, 39, [], refuse],
  ['pivot_root', 155, 41, [], refuse],
  ['fsopen', 430, 430, [], refuse],
  ['move_mount', 429, 429, [], refuse],
  ['setns', 308, 268, [], refuse],
  ['init_module', 175, 105, [], refuse],
  ['open_by_handle_at', 304, 265, [], refuse],
  ['io_uring_setup', 425, 425, [], absent],
  ['clone3', 435, 435, [], absent],
  ['clone of a thread', 56, 220, [0x3d0f00], allow],
  ['clone of a process', 56, 220, [17], allow],
  ['clone into a user namespace', 56, 220, [0x10000011], refuse],
  ['unshare of files', 272, 97, [0x400], allow],
  ['unshare of a user namespace', 272, 97, [0x10000000], refuse],
  ['unshare of that and a network', 272, 97, [0x50000000], refuse],
  ['ioctl of a size', 16, 29, [0, 0x5413], allow],
  ['ioctl that types', 16, 29, [0, 0x5412], refuse],
  ['ioctl that types, with more above', 16, 29, [0, 0x100005412], refuse],
  ['ioctl of the console', 16, 29, [0, 0x541c], refuse],
  ['a descriptor called like that', 16, 29, [0x5412, 0x5401], allow],
  ...[1, 2, 10, 16].map((family) => [`socket family ${family}`, 41, 198, [family], allow] as const),
  ...[0, 15, 17, 21, 31, 38, 40, 44].map((family) => [`socket family ${family}`, 41, 198, [family], noFamily] as const),
];

describe.each([
  ['x64', 1],
  ['arm64', 2],
] as const)('on %s', (architecture: Architecture, column) => {
  const filter = toSystemCallFilter(architecture) ?? new Uint8Array();

  it.each(rows)('%s', (_name, ...row) => {
    expect(judge(filter, row[column - 1] as number, row[2], audits[architecture])).toBe(row[3]);
  });

  it('calls of another architecture, and those with a mark, are absent', () => {
    for (const audit of [0x40000003, 0x40000028, 0, ...Object.values(audits)].filter(
      (one) => one !== audits[architecture],
    ))
      expect(judge(filter, 1, [], audit)).toBe(absent);
    expect(judge(filter, 0x40000001, [], audits[architecture])).toBe(absent);
  });
});

it('there is none for an architecture that is not known', () => {
  expect(toSystemCallFilter('riscv64')).toBeNull();
});

const isolation = createIsolation({ platform: process.platform, searchPath: process.env.PATH ?? '' });

describe.runIf(canRun('the filter in the kernel', await isolation.available()))('an isolated process', () => {
  it('makes no user namespace, mounts nothing, and leaves no file of the filter', async () => {
    const script = 'unshare --user true; mount -t tmpfs none /tmp; ls /tmp; ls /proc/self/fd; echo end';
    const spec = {
      argv: ['/bin/sh', '-c', `{ ${script}; } 2>&1`],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/tmp',
      home: '/tmp',
    };
    const wrapped = await isolation.wrap(
      { ...spec, readOnlyPaths: [], readWritePaths: [] },
      { toolsOff: false, network: 'none' },
    );
    const [program = '', ...args] = wrapped.spec.argv;
    const said = execFileSync(program, args, { env: spec.env, encoding: 'utf8' });
    expect(said).toMatch(/unshare.*Operation not permitted/);
    expect(said).toMatch(/mount.*(permission denied|Operation not permitted|must be superuser)/i);
    expect(said).not.toMatch(/signalbox-filter|^9$/m);
    expect(said).toMatch(/^end$/m);
  });
});
