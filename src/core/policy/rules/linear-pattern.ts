/**
 * Regular expressions that take linear time: a rule is asked about text that an agent chose, so no pattern may be slow on any text.
 * Thompson's construction, simulated state by state; always about the whole text. Without back references and look-around.
 */
import { PatternError, type PatternNode, parsePattern } from './pattern-syntax.ts';

export interface LinearPattern {
  /** Whether the whole text fits. Steps: at most the length of the text times the size of the pattern. */
  test(text: string): boolean;
}

/** States of one pattern: a pattern people can read has dozens. */
const statesMax = 2_000;

/** Throws PatternError for what is not a pattern, uses what is not known here, or is too large. */
export function linearPattern(source: string): LinearPattern {
  const program: Instruction[] = [];
  emit(parsePattern(source), program);
  program.push({ kind: 'end' });
  const runner = new Runner(program);
  return { test: (text) => runner.test(text) };
}

type Instruction =
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

/** All the places where a reader of the text can be at once, and where each character leads from there, once that was asked. */
interface Places {
  readonly at: readonly number[];
  readonly isEnd: boolean;
  readonly next: Map<number, Places>;
}

/** What a pattern remembers: without it each character would cost a walk through the program, with too much of it memory. */
const rememberedMax = 4_096;

class Runner {
  readonly #program: readonly Instruction[];
  #known = new Map<string, Places>();
  #remembered = 0;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
  }

  test(text: string): boolean {
    let places = this.#placesAt([0]);
    for (const character of text) {
      if (places.at.length === 0) return false;
      places = this.#after(places, character.codePointAt(0) ?? 0);
    }
    return places.isEnd;
  }

  #after(places: Places, codePoint: number): Places {
    const remembered = places.next.get(codePoint);
    if (remembered !== undefined) return remembered;
    const next: number[] = [];
    for (const state of places.at) {
      const instruction = this.#program[state];
      if (instruction?.kind === 'set' && instruction.has(codePoint)) next.push(state + 1);
    }
    const found = this.#placesAt(next);
    this.#remembered += 1;
    if (this.#remembered > rememberedMax) {
      this.#remembered = 0;
      this.#known = new Map();
    } else places.next.set(codePoint, found);
    return found;
  }

  #placesAt(from: readonly number[]): Places {
    const at = follow(this.#program, from);
    const key = at.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const places = { at, isEnd: at.some((state) => this.#program[state]?.kind === 'end'), next: new Map() };
    this.#known.set(key, places);
    return places;
  }
}

/** Every place reachable without taking a character, each once, in order. */
function follow(program: readonly Instruction[], from: readonly number[]): readonly number[] {
  const seen = new Set<number>();
  const waiting = [...from];
  while (waiting.length > 0) {
    const state = waiting.pop() ?? 0;
    if (seen.has(state)) continue;
    seen.add(state);
    const instruction = program[state];
    if (instruction?.kind === 'jump') waiting.push(state + instruction.by);
    if (instruction?.kind === 'fork') waiting.push(state + instruction.first, state + instruction.second);
  }
  return [...seen].sort((one, other) => one - other);
}
