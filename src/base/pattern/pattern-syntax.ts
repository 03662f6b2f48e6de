/** Reads the text of a pattern: the part of regular expressions that can be run in linear time. It matches nothing itself. */

export type PatternNode =
  | { readonly kind: 'set'; readonly has: (codePoint: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  /** `max` null: without an end. */
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number | null };

/** Its message is part of a sentence, without a full stop. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Literals, `.`, classes, groups, `|`, `* + ?` and `{n,m}`, with the meaning they have in ECMAScript. Both ends are anchored already:
 * `^` and `$` may stand there and change nothing. Throws PatternError.
 */
export function parsePattern(source: string): PatternNode {
  const text = source.replace(/^\^/, '').replace(/(^|[^\\])((?:\\\\)*)\$$/, '$1$2');
  return new Parser(text).parse();
}

const depthMax = 32;
const repeatMax = 256;
type Has = (codePoint: number) => boolean;

class Parser {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#peek() !== undefined) throw new PatternError('a ")" has no "("');
    return node;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(body: PatternNode): PatternNode {
    const next = this.#peek();
    let range: readonly [number, number | null];
    if (next === '*') range = [0, null];
    else if (next === '+') range = [1, null];
    else if (next === '?') range = [0, 1];
    else if (next === '{') return this.#counted(body);
    else return body;
    this.#at += 1;
    return this.#once({ kind: 'repeat', body, min: range[0], max: range[1] });
  }

  #counted(body: PatternNode): PatternNode {
    const rest = this.#characters.slice(this.#at, this.#at + 12).join('');
    const found = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(rest);
    if (!found) throw new PatternError('"{" must begin a count such as {2} or {1,3}; write \\{ for the character');
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? null : Number(found[3]);
    if (min > repeatMax || (max ?? 0) > repeatMax) throw new PatternError(`a count is larger than ${repeatMax}`);
    if (max !== null && max < min) throw new PatternError(`the count ${found[0]} is upside down`);
    this.#at += found[0].length;
    return this.#once({ kind: 'repeat', body, min, max });
  }

  /** Which of several ways matches makes no difference here, so lazy repetition has no meaning. */
  #once(node: PatternNode): PatternNode {
    const next = this.#peek();
    if (next !== undefined && '*+?{'.includes(next)) throw new PatternError('two repetitions follow each other');
    return node;
  }

  #atom(): PatternNode {
    const character = this.#characters[this.#at] ?? '';
    this.#at += 1;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', has: this.#characterClass() };
      case '.':
        return { kind: 'set', has: (codePoint) => codePoint !== 0x0a && codePoint !== 0x0d };
      case '\\':
        return { kind: 'set', has: this.#escape() };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new PatternError(`"${character}" has nothing to repeat; write \\${character} for the character`);
      case '^':
      case '$':
        throw new PatternError(
          `"${character}" may only stand at the end it anchors; write \\${character} for the character`,
        );
      default:
        return { kind: 'set', has: equals(character.codePointAt(0) ?? 0) };
    }
  }

  #group(): PatternNode {
    if (this.#take('?') && !this.#take(':')) throw new PatternError('only (...) and (?:...) are known, no look-around');
    this.#depth += 1;
    if (this.#depth > depthMax) throw new PatternError(`groups are nested deeper than ${depthMax}`);
    const node = this.#choice();
    this.#depth -= 1;
    if (!this.#take(')')) throw new PatternError('a "(" is not closed');
    return node;
  }

  #characterClass(): Has {
    const isNegated = this.#take('^');
    const members: Has[] = [];
    while (!this.#take(']')) {
      const first = this.#member();
      const isRange = this.#peek() === '-' && this.#characters[this.#at + 1] !== ']';
      if (!isRange) {
        members.push(typeof first === 'number' ? equals(first) : first);
        continue;
      }
      this.#at += 1;
      const last = this.#member();
      if (typeof first !== 'number' || typeof last !== 'number' || last < first)
        throw new PatternError('a range in [...] is upside down or has no two ends');
      members.push((codePoint) => codePoint >= first && codePoint <= last);
    }
    const has: Has = (codePoint) => members.some((member) => member(codePoint));
    return isNegated ? (codePoint) => !has(codePoint) : has;
  }

  #member(): number | Has {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new PatternError('a "[" is not closed');
    this.#at += 1;
    if (character !== '\\') return character.codePointAt(0) ?? 0;
    const escaped = this.#peek() ?? '';
    const has = this.#escape();
    return /[A-Za-z0-9]/.test(escaped) ? has : (escaped.codePointAt(0) ?? 0);
  }

  #escape(): Has {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new PatternError('it ends with a backslash');
    this.#at += 1;
    const known = classes[character];
    if (known) return known;
    if (/[A-Za-z0-9]/.test(character)) throw new PatternError(`\\${character} is not known here`);
    return equals(character.codePointAt(0) ?? 0);
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}

const isDigit: Has = (codePoint) => codePoint >= 0x30 && codePoint <= 0x39;
const isWord: Has = (codePoint) => /[A-Za-z0-9_]/.test(String.fromCodePoint(codePoint));
const isSpace: Has = (codePoint) => /\s/.test(String.fromCodePoint(codePoint));

const classes: Readonly<Record<string, Has>> = {
  d: isDigit,
  D: (codePoint) => !isDigit(codePoint),
  w: isWord,
  W: (codePoint) => !isWord(codePoint),
  s: isSpace,
  S: (codePoint) => !isSpace(codePoint),
};

function equals(wanted: number): Has {
  return (codePoint) => codePoint === wanted;
}
