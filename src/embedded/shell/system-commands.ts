/** Simulated commands about the machine: uptime, df, free, ps, kill and what a shell needs besides. */
import { setTimeout as delay } from 'node:timers/promises';
import { toUid } from './file-commands.ts';
import { duration, stamp, table } from './format.ts';
import type { CommandTable } from './interpreter.ts';
import { ExitSignal, type Io } from './io.ts';
import { parseOptions } from './text-commands.ts';

function uptime(io: Io): number {
  const { machine } = io;
  const now = new Date(machine.nowMs()).toISOString().slice(11, 19);
  io.out(
    ` ${now} up ${duration(machine.nowMs() - machine.bootedAtMs)},  1 user,  load average: ${machine
      .load()
      .map((value) => value.toFixed(2))
      .join(', ')}\n`,
  );
  return 0;
}

function diskFree(io: Io): number {
  const { flags } = parseOptions(io.args, '');
  const human = flags.has('h') || flags.has('human-readable');
  const size = (kib: number): string =>
    human ? `${(kib / 1024 / 1024).toFixed(kib < 10_485_760 ? 1 : 0)}G` : String(kib);
  const withType = flags.has('T');
  const head = [
    'Filesystem',
    ...(withType ? ['Type'] : []),
    human ? 'Size' : '1K-blocks',
    'Used',
    human ? 'Avail' : 'Available',
    'Use%',
    'Mounted on',
  ];
  const rows = io.machine.disks.map((disk) => [
    disk.device,
    ...(withType ? [disk.type] : []),
    size(disk.sizeKiB),
    size(disk.usedKiB),
    size(disk.sizeKiB - disk.usedKiB),
    `${Math.ceil((disk.usedKiB / disk.sizeKiB) * 100)}%`,
    disk.mount,
  ]);
  io.out(table([head, ...rows], [0, ...(withType ? [1] : []), head.length - 1]));
  return 0;
}

function free(io: Io): number {
  const { flags } = parseOptions(io.args, '');
  const { total, used } = io.machine.memoryMiB;
  const show = (mib: number): string =>
    flags.has('h') ? `${(mib / 1024).toFixed(1)}Gi` : String(flags.has('m') ? mib : mib * 1024);
  const cache = Math.round((total - used) * 0.6);
  io.out(
    table(
      [
        ['', 'total', 'used', 'free', 'shared', 'buff/cache', 'available'],
        ['Mem:', show(total), show(used), show(total - used - cache), show(12), show(cache), show(total - used)],
        ['Swap:', show(0), show(0), show(0)],
      ],
      [0],
    ),
  );
  return 0;
}

function processes(io: Io): number {
  const rows = io.machine
    .processes()
    .map((row) => [
      row.user,
      String(row.pid),
      row.cpuPercent.toFixed(1),
      row.memoryPercent.toFixed(1),
      String(row.residentKiB),
      row.command,
    ]);
  const sort = io.args.find((arg) => arg.startsWith('--sort='))?.slice(7);
  const column = sort?.includes('cpu') ? 2 : sort?.includes('mem') || sort?.includes('rss') ? 3 : null;
  if (column !== null) rows.sort((a, b) => Number(b[column]) - Number(a[column]));
  io.out(table([['USER', 'PID', '%CPU', '%MEM', 'RSS', 'COMMAND'], ...rows], [0, 5]));
  return 0;
}

function kill(io: Io): number {
  const group = Math.abs(Number(io.args.at(-1)));
  const running = io.machine.running.get(group);
  if (!running) {
    io.error(`kill: (${io.args.at(-1)}) - No such process\n`);
    return 1;
  }
  if (!io.args.includes('-0')) running.abort();
  return 0;
}

async function timeout(io: Io): Promise<number> {
  const { values, operands } = parseOptions(
    io.args.slice(0, io.args.findIndex((arg) => /^[\d.]+[smh]?$/.test(arg) && arg !== '2') + 1),
    'ks',
  );
  const seconds = Number.parseFloat(operands[0] ?? '0');
  const rest = io.args.slice(io.args.indexOf(operands[0] ?? '') + 1);
  if (!(seconds > 0) || rest.length === 0) {
    io.error(`timeout: invalid time interval (kill after ${values.get('k') ?? 'never'})\n`);
    return 125;
  }
  const cancel = new AbortController();
  const clock = delay(seconds * 1000, 'late' as const, { signal: cancel.signal, ref: false }).catch(
    () => 'done' as const,
  );
  const ended = await Promise.race([io.run(rest), clock]);
  cancel.abort();
  return typeof ended === 'number' ? ended : 124;
}

async function sleep(io: Io): Promise<number> {
  try {
    await delay(Number.parseFloat(io.args[0] ?? '0') * 1000, undefined, { signal: io.signal, ref: false });
    return 0;
  } catch {
    throw new ExitSignal(143);
  }
}

function printf(io: Io): number {
  const [format = '', ...words] = io.args;
  const unescape = (text: string): Buffer =>
    Buffer.from(
      text.replace(/\\(?:0([0-7]{1,3})|([0-7]{3})|([nrt\\]))/g, (_all, zero: string, octal: string, letter: string) =>
        letter
          ? ({ n: '\n', r: '\r', t: '\t' }[letter] ?? '\\')
          : String.fromCharCode(Number.parseInt(zero ?? octal, 8)),
      ),
      // Octal escapes are bytes; what is beyond ASCII in the words came as escapes.
      'latin1',
    );
  let at = 0;
  const parts = format.split(/(%[bsd]|%%)/).map((part) => {
    if (part === '%%') return Buffer.from('%');
    if (/^%[bsd]$/.test(part)) return part === '%b' ? unescape(words[at++] ?? '') : Buffer.from(words[at++] ?? '');
    return unescape(part);
  });
  io.out(Buffer.concat(parts));
  return 0;
}

function identity(io: Io): string {
  const { flags } = parseOptions(io.args, '');
  if (flags.has('n')) return io.machine.user;
  if (flags.has('u') || flags.has('g') || flags.has('G')) return String(toUid(io.machine.user));
  return `uid=1000(${io.machine.user}) gid=1000(${io.machine.user}) groups=1000(${io.machine.user})`;
}

function text(give: (io: Io) => string): (io: Io) => number {
  return (io) => {
    io.out(`${give(io)}\n`);
    return 0;
  };
}

export const systemCommands: CommandTable = {
  uptime,
  df: diskFree,
  free,
  ps: processes,
  kill,
  timeout,
  sleep,
  printf,
  echo: text((io) => (io.args[0] === '-n' ? io.args.slice(1) : io.args).join(' ')),
  hostname: text((io) => io.machine.hostname),
  whoami: text((io) => io.machine.user),
  id: text(identity),
  uname: text((io) =>
    io.args.includes('-a')
      ? `Linux ${io.machine.hostname} 6.1.0-demo #1 SMP x86_64 GNU/Linux`
      : io.args.includes('-srm')
        ? 'Linux 6.1.0-demo x86_64'
        : io.args.includes('-r')
          ? '6.1.0-demo'
          : 'Linux',
  ),
  date: text((io) => toDate(io)),
  printenv: (io) => {
    const value = io.args[0] === 'SHELL' ? '/bin/bash' : io.args[0] === 'USER' ? io.machine.user : null;
    if (value !== null) io.out(`${value}\n`);
    return value === null ? 1 : 0;
  },
  which: (io) => {
    const found = io.args.filter((name) => Object.hasOwn(systemCommands, name));
    io.out(found.map((name) => `/usr/bin/${name}\n`).join(''));
    return found.length === io.args.length ? 0 : 1;
  },
  nproc: text(() => '4'),
  who: text((io) => `${io.machine.user}   pts/0        ${stamp(io.machine.nowMs())}`),
  true: () => 0,
  false: () => 1,
  getfacl: () => 1,
  exit: (io) => {
    throw new ExitSignal(Number(io.args[0] ?? io.state.status));
  },
  env: (io) => io.run(io.args.filter((arg) => !arg.includes('='))),
  sudo: (io) => io.run(io.args.filter((arg) => arg !== '-n' && arg !== '--')),
  sh: async (io) => {
    if (io.args[0] !== '-c') {
      io.error('sh: only "sh -c" is simulated on this demo server\n');
      return 2;
    }
    return await io.runScript(io.args[1] ?? '', io.args.slice(3));
  },
  bash: (io) => io.run(['sh', ...io.args]),
};

function toDate({ args, machine }: Io): string {
  return args[0] === '+%s' ? String(Math.floor(machine.nowMs() / 1_000)) : new Date(machine.nowMs()).toUTCString();
}
