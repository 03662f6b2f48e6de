/**
 * Which system calls an agent has no use for: a program for the kernel's filter (seccomp(2), classic BPF), made for bubblewrap. It keeps
 * away keyrings, mounts, user namespaces, kernel modules and the parts in which holes are found most often. It starts nothing.
 */

/** Numbers of the two architectures, from the kernel's tables; calls after 424 have the same in both. */
const refused = {
  x64: [
    ...[248, 249, 250, 246, 320, 321, 298, 323, 165, 166, 155, 308, 175, 313, 176],
    // iopl, ioperm and modify_ldt exist here only.
    ...[169, 167, 168, 163, 179, 103, 304, 300, 172, 173, 154],
  ],
  arm64: [
    ...[217, 218, 219, 104, 294, 280, 241, 282, 40, 39, 41, 268, 105, 273, 106],
    ...[142, 224, 225, 89, 60, 116, 265, 262],
  ],
} as const;

/** open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, quotactl_fd. */
const refusedInBoth = [428, 429, 430, 431, 432, 433, 442, 443];

/** io_uring_setup, _enter, _register and clone3: programs go on without them when they hear that there is none. */
const absent = [425, 426, 427, 435];

const architectures = {
  x64: { audit: 0xc000003e, ioctl: 16, socket: 41, clone: 56, unshare: 272 },
  arm64: { audit: 0xc00000b7, ioctl: 29, socket: 198, clone: 220, unshare: 97 },
} as const;

/** Typing into a terminal: TIOCSTI and TIOCLINUX. */
const refusedRequests = [0x5412, 0x541c];
/** AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK, by which programs look up their addresses. */
const families = [1, 2, 10, 16];
const newUserNamespace = 0x10000000;
/** Numbers of the x32 ABI, which would pass by the list. */
const x32Bit = 0x40000000;

/** Offsets into struct seccomp_data; of an argument the lower half, which is what these calls look at. */
const [numberAt, architectureAt, firstAt, secondAt] = [0, 4, 16, 24];
const results = { allow: 0x7fff0000, refuse: 0x00050001, absent: 0x00050026, noFamily: 0x00050061 } as const;
const operations = { load: 0x20, equal: 0x15, atLeast: 0x35, someBit: 0x45, answer: 0x06, jump: 0x05 } as const;

type Result = keyof typeof results;
type Step =
  | { readonly load: number }
  /** Falls through where the test fails. */
  | { readonly test: 'equal' | 'atLeast' | 'someBit'; readonly value: number; readonly then: Result }
  | { readonly answer: Result }
  /** Skips so many steps, always or where the value is another. */
  | { readonly unless: number; readonly skip: number }
  | { readonly skip: number };

/** The bytes that `bwrap --seccomp` reads; null for an architecture whose numbers are not known here. Others' calls are absent. */
export function toSystemCallFilter(architecture: string): Uint8Array | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null;
  const { audit, ioctl, socket, clone, unshare } = architectures[architecture];
  const equal = (value: number, then: Result): Step => ({ test: 'equal', value, then });
  return assemble([
    { load: architectureAt },
    { unless: audit, skip: 1 },
    { skip: 1 },
    { answer: 'absent' },
    { load: numberAt },
    { test: 'atLeast', value: x32Bit, then: 'absent' },
    ...[...refused[architecture], ...refusedInBoth].map((number) => equal(number, 'refuse')),
    ...absent.map((number) => equal(number, 'absent')),
    ...forCall(ioctl, [{ load: secondAt }, ...refusedRequests.map((one) => equal(one, 'refuse'))]),
    ...forCall(socket, [{ load: firstAt }, ...families.map((one) => equal(one, 'allow')), { answer: 'noFamily' }]),
    ...[clone, unshare].flatMap((call) =>
      forCall(call, [{ load: firstAt }, { test: 'someBit', value: newUserNamespace, then: 'refuse' }]),
    ),
    { answer: 'allow' },
  ]);
}

/** For this value alone; what the steps have no answer for is allowed. */
function forCall(value: number, steps: readonly Step[]): readonly Step[] {
  return [{ unless: value, skip: steps.length + 1 }, ...steps, { answer: 'allow' }];
}

function assemble(steps: readonly Step[]): Uint8Array {
  const ends = Object.keys(results) as Result[];
  const view = new DataView(new ArrayBuffer((steps.length + ends.length) * 8));
  const put = (at: number, code: number, then: number, otherwise: number, value: number): void => {
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, then);
    view.setUint8(at * 8 + 3, otherwise);
    view.setUint32(at * 8 + 4, value, true);
  };
  steps.forEach((step, at) => {
    if ('load' in step) put(at, operations.load, 0, 0, step.load);
    else if ('answer' in step) put(at, operations.answer, 0, 0, results[step.answer]);
    else if ('unless' in step) put(at, operations.equal, 0, step.skip, step.unless);
    else if ('skip' in step) put(at, operations.jump, 0, 0, step.skip);
    // The answers stand at the end, less than 256 steps away, which is as far as a test can jump.
    else put(at, operations[step.test], steps.length + ends.indexOf(step.then) - at - 1, 0, step.value);
  });
  ends.forEach((end, index) => put(steps.length + index, operations.answer, 0, 0, results[end]));
  return new Uint8Array(view.buffer);
}
