/** Turns a parsed pattern into a small program of states (Thompson's construction). It runs nothing. */
import { PatternError, type PatternNode } from './pattern-syntax.ts';

/** States of one pattern: a pattern people can read has dozens. */
const statesMax = 2_000;

/** Throws PatternError when it is too large. */
export function toProgram(node: PatternNode): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ kind: 'end' });
  return program;
}

export type Instruction =
  | { readonly kind: 'set'; readonly has: (codePoint: number) => boolean }
  /** Goes on at both places, counted from itself. */
  | { readonly kind: 'fork'; readonly first: number; second: number }
  | { readonly kind: 'jump'; by: number }
  | { readonly kind: 'end' };

function emit(node: PatternNode, program: Instruction[]): void {
  if (program.length > statesMax) throw new PatternError('the pattern is too large');
  switch (node.kind) {
    case 'set':
      program.push({ kind: 'set', has: node.has });
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, program);
      return;
    case 'choice':
      emitChoice(node.options, program);
      return;
    case 'repeat':
      emitRepeat(node, program);
  }
}

function emitRepeat({ body, min, max }: Extract<PatternNode, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let count = 0; count < min; count += 1) {
    const before = program.length;
    emit(body, program);
    // Nothing, repeated, is nothing: without this, nested counts of an empty group would take for ever.
    if (program.length === before) return;
  }
  if (max === null) emitLoop(body, program);
  else for (let count = min; count < max; count += 1) emitOptional(body, program);
}

function emitChoice(options: readonly PatternNode[], program: Instruction[]): void {
  const jumps: { readonly at: number; readonly jump: { kind: 'jump'; by: number } }[] = [];
  options.forEach((option, index) => {
    const isLast = index === options.length - 1;
    const fork = { kind: 'fork' as const, first: 1, second: 0 };
    const at = program.length;
    if (!isLast) program.push(fork);
    emit(option, program);
    if (isLast) return;
    const jump = { kind: 'jump' as const, by: 0 };
    jumps.push({ at: program.length, jump });
    program.push(jump);
    fork.second = program.length - at;
  });
  for (const { at, jump } of jumps) jump.by = program.length - at;
}

function emitLoop(body: PatternNode, program: Instruction[]): void {
  const at = program.length;
  const fork = { kind: 'fork' as const, first: 1, second: 0 };
  program.push(fork);
  emit(body, program);
  program.push({ kind: 'jump', by: at - program.length });
  fork.second = program.length - at;
}

function emitOptional(body: PatternNode, program: Instruction[]): void {
  const at = program.length;
  const fork = { kind: 'fork' as const, first: 1, second: 0 };
  program.push(fork);
  emit(body, program);
  fork.second = program.length - at;
}
