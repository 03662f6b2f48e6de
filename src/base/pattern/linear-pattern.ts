/**
 * Regular expressions that take linear time: a rule is asked about text that an agent chose, so no pattern may be slow on any text.
 * Thompson's construction, simulated state by state; always about the whole text. Without back references and look-around.
 */
import { toProgram } from './pattern-program.ts';
import { parsePattern } from './pattern-syntax.ts';
import { PatternWalk } from './pattern-walk.ts';

export interface LinearPattern {
  /** Whether the whole text fits. Steps: at most the length of the text, and one more, times the size. */
  test(text: string): boolean;
  /** Places in the pattern. */
  readonly size: number;
  /** Places looked at in all tests so far, so that the bound can be held against what was done. */
  steps(): number;
}

/** Throws PatternError for what is not a pattern, uses what is not known here, or is too large. */
export function linearPattern(source: string): LinearPattern {
  const program = toProgram(parsePattern(source));
  const walk = new PatternWalk(program);
  return {
    test: (text) => {
      let places = walk.start();
      for (const character of text) {
        if (places.at.length === 0) return false;
        places = walk.after(places, character.codePointAt(0) ?? 0);
      }
      return places.isEnd;
    },
    size: program.length,
    steps: () => walk.steps,
  };
}
