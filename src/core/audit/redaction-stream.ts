/** Redacts text that arrives in pieces: holds back whatever the next piece could turn into a secret. Knows nothing of bytes; callers decode. */
import { limits } from '../limits.ts';
import {
  hasKeyBegin,
  hasKeyEnd,
  isKeyBase64Line,
  isKeyBase64Part,
  isKeyBodyLine,
  isPuttyKeyBegin,
  keyBlockCharactersMax,
} from './private-keys.ts';
import type { Redactor } from './redactor.ts';
import { isSecretName } from './secret-names.ts';

export interface RedactionStream {
  /** Text that is safe to show now; a line is held until its end has arrived, a key block until it is over. */
  push(text: string): string;
  /** The rest. */
  end(): string;
  /** How many values were replaced so far. */
  readonly count: number;
}

/** Lines that belong together: they are redacted as one text. */
interface Block {
  readonly lines: string[];
  length: number;
  /** True while the block may take this line. */
  readonly takes: (line: string) => boolean;
}

export function createRedactionStream(redactor: Redactor): RedactionStream {
  let partial = '';
  let block: Block | null = null;
  let count = 0;

  function redact(text: string): string {
    if (text === '') return '';
    const redacted = redactor.redact(text);
    count += redacted.count;
    return redacted.text;
  }

  function endBlock(): string {
    const text = block?.lines.join('') ?? '';
    block = null;
    return redact(text);
  }

  function takeLine(line: string): string {
    if (block !== null && block.length <= keyBlockCharactersMax && block.takes(line)) {
      block.lines.push(line);
      block.length += line.length;
      return hasKeyEnd(line) ? endBlock() : '';
    }
    const before = endBlock();
    const takes = toBlock(line);
    if (takes === null) return before + redact(line);
    block = { lines: [line], length: line.length, takes };
    return before;
  }

  return {
    push(text) {
      const parts: string[] = [];
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        parts.push(takeLine(partial + text.slice(from, at + 1)));
        partial = '';
        from = at + 1;
      }
      partial += text.slice(from);
      if (partial.length > limits.redactionHoldCharactersMax) {
        const cut = findCut(partial);
        parts.push(endBlock(), redact(partial.slice(0, cut)));
        partial = partial.slice(cut);
      }
      return parts.join('');
    },
    end() {
      const rest = partial;
      partial = '';
      return (rest === '' ? '' : takeLine(rest)) + endBlock();
    },
    get count() {
      return count;
    },
  };
}

/** Whether a line opens a block, and which lines the block then takes. */
function toBlock(line: string): Block['takes'] | null {
  if (hasKeyBegin(line) && !hasKeyEnd(line))
    return (next) =>
      hasKeyEnd(next) || isKeyBodyLine(next.replace(/\r?\n$/, '')) || (!next.endsWith('\n') && isKeyBase64Part(next));
  if (isPuttyKeyBegin(line)) return isKeyBase64Line;
  // The middle of a key whose first line was cut off looks like this, and so do hashes: both wait for the line that tells.
  if (isKeyBase64Line(line))
    return (next) => hasKeyEnd(next) || (isKeyBodyLine(next.replace(/\r?\n$/, '')) && next.trim() !== '');
  const member =
    /^[\s-]{0,64}["']?(?:name|Name|key|Key|ParameterKey)["']?[ \t]{0,4}:[ \t]{0,4}["']?([\w.-]{1,64})["']?,?\s{0,4}$/.exec(
      line,
    );
  if (member !== null && isSecretName(member[1] ?? ''))
    return (next) => /^\s{0,64}["']?(?:value|Value|ParameterValue)["']?[ \t]{0,4}:/.test(next);
  const neighbour = toNeighbour(line);
  if (neighbour !== null) return neighbour;
  const scalar = /^([\s-]{0,64})["']?([\w.-]{1,64})["']?[ \t]{0,8}:[ \t]{1,8}[|>][-+0-9]{0,2}[ \t]{0,8}\r?\n$/.exec(
    line,
  );
  if (scalar === null || !isSecretName(scalar[2] ?? '')) return null;
  const indent = (scalar[1] ?? '').length;
  return (next) => next.trim() === '' || next.search(/\S/) > indent;
}

/** A line whose secret stands in the next one: a flag in a list, `"sensitive": true`, a prompt of a mail server, a sentence that ends with a colon. */
function toNeighbour(line: string): Block['takes'] | null {
  if (/^\s{0,64}"sensitive"[ \t]{0,4}:[ \t]{0,4}true,?\s{0,4}$/.test(line))
    return (next) => /^\s{0,64}"(?:type|value)"[ \t]{0,4}:/.test(next);
  const flag = /^\s{0,64}(?:- )?["']?--([A-Za-z][\w-]{1,63})["']?,?\s{0,4}$/.exec(line)?.[1];
  const isPrompt = /334 UGFzc3dvcmQ6\s{0,4}$|(?:password|token|secret|key)(?:[ \t][^\r\n:]{0,120})?:\s{0,4}$/i.test(
    line.slice(-256),
  );
  if (!isPrompt && (flag === undefined || !isSecretName(flag))) return null;
  let isOver = false;
  return (next) => {
    if (isOver) return false;
    isOver = next.trim() !== '';
    return true;
  };
}

/** Where a line that never ends may be cut: as late as possible behind a character that no token holds. */
function findCut(text: string): number {
  const latest = text.length - keyBlockCharactersMax;
  for (let at = latest; at > latest / 2; at -= 1) if (/[\s,;&}]/.test(text[at - 1] ?? '')) return at;
  return latest;
}
