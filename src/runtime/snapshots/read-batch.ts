/** Takes apart the output of `git cat-file --batch`: `<name> <type> <size>` LF, bytes, LF for each object; `<asked> missing` LF for what is not there. */
import type { Buffer } from 'node:buffer';

export interface BatchObject {
  readonly name: string;
  readonly content: Buffer;
}

export function readBatch(output: Buffer, count: number): (Buffer | null)[];
export function readBatch(output: Buffer, count: number, detail: 'names'): (BatchObject | null)[];
export function readBatch(output: Buffer, count: number, detail?: 'names'): (Buffer | BatchObject | null)[] {
  const objects: (Buffer | BatchObject | null)[] = [];
  let at = 0;
  while (objects.length < count) {
    const end = output.indexOf(0x0a, at);
    if (end === -1) throw new Error('git ended before it had answered');
    const line = output.toString('utf8', at, end);
    const header = /^([0-9a-f]{40,64}) [a-z]+ ([0-9]+)$/.exec(line);
    at = end + 1;
    if (header === null) {
      if (!/ (?:missing|ambiguous)$/.test(line))
        throw new Error(`git answered with ${JSON.stringify(line.slice(0, 100))}`);
      objects.push(null);
      continue;
    }
    const size = Number(header[2]);
    const content = output.subarray(at, at + size);
    if (content.length < size) throw new Error('git ended in the middle of an object');
    objects.push(detail === 'names' ? { name: header[1] ?? '', content } : content);
    at += size + 1;
  }
  return objects;
}
