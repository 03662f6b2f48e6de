/** Reads JSON (RFC 8259) and remembers where each value stands in the text, so that a mistake can be shown by its line. */

export type JsonPath = readonly (string | number)[];

export interface JsonSpan {
  /** Offsets into the text, the end exclusive. A member's span begins at its value, not at its name. */
  readonly start: number;
  readonly end: number;
}

export interface JsonText {
  readonly value: unknown;
  /** Line (from 1) of the value at a path, of its name where it has one; of the nearest value around it when it is absent. */
  lineOf(path: JsonPath): number;
  spanOf(path: JsonPath): JsonSpan | null;
}

export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Throws JsonTextError for what is not JSON, for a name given twice in one object, and past 64 levels. */
export function readJson(text: string): JsonText {
  // Without a mistake nobody asks for most places, and finding all of them takes ten times as long as JSON.parse.
  const plain = parsePlain(text);
  let root = plain === null ? new Scanner(text).read() : null;
  const lines = new Lines(text);
  const find = (path: JsonPath): { node: Node; exact: boolean } => {
    root ??= new Scanner(text).read();
    let node = root;
    for (const step of path) {
      const child = node.children.get(step);
      if (!child) return { node, exact: false };
      node = child;
    }
    return { node, exact: true };
  };
  return {
    value: plain === null ? JSON.parse(text) : plain.value,
    lineOf: (path) => lines.at(find(path).node.from),
    spanOf(path) {
      const { node, exact } = find(path);
      return exact ? { start: node.start, end: node.end } : null;
    },
  };
}

/** Null when there is something to refuse: the scanner then says what and where. */
function parsePlain(text: string): { readonly value: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    // Of a name that is given twice JSON.parse keeps one.
    const namesWritten = text.replace(strings, '').split(':').length - 1;
    return countNames(value, 0) === namesWritten ? { value } : null;
  } catch {
    return null;
  }
}

/** Not a number when it is nested too deeply. */
function countNames(value: unknown, level: number): number {
  if (level > levelsMax) return Number.NaN;
  if (typeof value !== 'object' || value === null) return 0;
  const children: readonly unknown[] = Object.values(value);
  let names = Array.isArray(value) ? 0 : children.length;
  for (const child of children) names += countNames(child, level + 1);
  return names;
}

/** Lines of places that are asked for in their order, as those of a list: each goes on where the last was found. */
class Lines {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    if (offset < this.#offset) [this.#offset, this.#line] = [0, 1];
    for (let at = this.#next(); at !== -1 && at < offset; at = this.#next()) {
      this.#offset = at + 1;
      this.#line++;
    }
    return this.#line;
  }

  #next(): number {
    return this.#text.indexOf('\n', this.#offset);
  }
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const levelsMax = 64;
const space = /[ \t\n\r]*/y;
const string = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
/** Of a text that is known to be JSON. */
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
const literal = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Node {
    const root = this.#value(0);
    this.#skip(space);
    if (this.#at < this.#text.length) this.#fail('nothing may follow the value');
    return root;
  }

  #value(level: number): Node {
    if (level > levelsMax) this.#fail(`values are nested deeper than ${levelsMax} levels`);
    this.#skip(space);
    const start = this.#at;
    const children: Node['children'] = new Map();
    const first = this.#text[start];
    if (first === '{') this.#members(children, level);
    else if (first === '[') this.#elements(children, level);
    else if (!this.#skip(string) && !this.#skip(literal)) this.#fail(this.#why('a value'));
    return { from: start, start, end: this.#at, children };
  }

  #members(children: Node['children'], level: number): void {
    this.#list('}', () => {
      const from = this.#at;
      if (!this.#skip(string)) this.#fail(this.#why('a name in double quotes'));
      const name = JSON.parse(this.#text.slice(from, this.#at)) as string;
      if (children.has(name)) {
        this.#at = from;
        this.#fail(`the name ${JSON.stringify(name)} stands twice in one object`);
      }
      this.#skip(space);
      if (this.#text[this.#at] !== ':') this.#fail(this.#why('a colon'));
      this.#at++;
      children.set(name, { ...this.#value(level + 1), from });
    });
  }

  #elements(children: Node['children'], level: number): void {
    this.#list(']', () => children.set(children.size, this.#value(level + 1)));
  }

  #list(close: string, readOne: () => void): void {
    this.#at++;
    this.#skip(space);
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skip(space);
      readOne();
      this.#skip(space);
      const next = this.#text[this.#at];
      if (next !== ',' && next !== close) this.#fail(this.#why(`a comma or "${close}"`));
      this.#at++;
      if (next === close) return;
    }
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #why(expected: string): string {
    const rest = this.#text.slice(this.#at);
    if (rest === '') return `the text ends where ${expected} is expected`;
    if (rest.startsWith('//') || rest.startsWith('/*')) return 'JSON has no comments';
    if (rest.startsWith("'")) return `${expected} is expected; JSON quotes with "`;
    if (/^[\]}]/.test(rest) && /,\s*$/.test(this.#text.slice(0, this.#at)))
      return 'there is a comma after the last item';
    return `${expected} is expected`;
  }

  #fail(message: string): never {
    throw new JsonTextError(message, lineAt(this.#text, this.#at));
  }
}

interface Node {
  /** Where the name begins, for a member; else the same as `start`. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
  readonly children: Map<string | number, Node>;
}
