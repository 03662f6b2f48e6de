/**
 * All places of a pattern's program where a reader can be at once, from character to character: linear in the text, whatever the pattern.
 * Knows no syntax.
 */
import type { Instruction } from './pattern-program.ts';

/** All the places where a reader of the text can be at once, and where each character leads from there, once that was asked. */
export interface Places {
  readonly at: readonly number[];
  readonly isEnd: boolean;
  readonly next: Map<number, Places>;
}

/** What a pattern remembers: without it each character would cost a walk through the program, with too much of it memory. */
const rememberedMax = 4_096;

export class PatternWalk {
  readonly #program: readonly Instruction[];
  #known = new Map<string, Places>();
  #remembered = 0;
  #steps = 0;

  constructor(program: readonly Instruction[]) {
    this.#program = program;
  }

  /** Places looked at so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Where a reader is before the first character. */
  start(): Places {
    return this.#placesAt([0]);
  }

  /** Where a reader is after one more character. */
  after(places: Places, codePoint: number): Places {
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
    this.#steps += at.length;
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
