/**
 * Descriptors that this process was started with and passes on to what it starts: an open folder among them leads out of any sandbox. Node
 * marks those of low numbers as its own alone; the others are found here. It knows no agent.
 */
import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC, in the octal of proc(5): whatever this process opened itself has it. */
const ownAlone = 0o2000000;

/** Closes them; those of standard input, output and errors stay. Returns their numbers. Does nothing where there is no /proc/self/fdinfo. */
export function closeInheritedDescriptors(): readonly number[] {
  return readNumbers().filter((descriptor) => {
    if (descriptor <= 2 || !isPassedOn(descriptor)) return false;
    closeSync(descriptor);
    return true;
  });
}

function readNumbers(): readonly number[] {
  try {
    return readdirSync('/proc/self/fdinfo').map(Number);
  } catch {
    return [];
  }
}

function isPassedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & ownAlone) === 0;
  } catch {
    // The one through which the folder was read is closed by now.
    return false;
  }
}
