// Reads a JSON file as people write it: faults have a line and a column, a key given twice is a fault.

export type ParsedJson =
  | { readonly value: unknown; readonly lineOf: (path: string) => number | undefined }
  | { readonly problem: string; readonly line: number; readonly column: number };

/** Deeper than any configuration; a recursive reader must stop somewhere. */
const MAX_DEPTH = 32;
const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([^ \t\r\n{}[\],:"]+)|(.)|$)/suy;

class Fault extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Parses the text; a byte order mark at its start is skipped. */
export function parseJson(text: string): ParsedJson {
  const bare = text.replace(/^\uFEFF/, '');
  const value = parseQuickly(bare);
  if (value !== undefined) {
    let located: Reader | undefined;
    return { value, lineOf: (path) => (located ??= readerOf(bare)).lineOf(path) };
  }
  const reader = new Reader(bare);
  try {
    return { value: reader.readAll(), lineOf: (path) => reader.lineOf(path) };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return { problem: fault.message, ...reader.placeOf(fault.offset) };
  }
}

/** The built-in parser is far faster; where it finds a fault, or keeps one of two equal keys, the reader has to say where. */
function parseQuickly(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // In valid JSON a string followed by a colon is always a key.
    const written = text.match(/"(?:[^"\\]|\\.)*"(?=[ \t\r\n]*:)/g)?.length ?? 0;
    return countKeys(value, 0) === written ? value : undefined;
  } catch {
    return undefined;
  }
}

function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAX_DEPTH || Object.hasOwn(value, '__proto__')) return Number.NaN;
  const inner = Object.values(value).reduce<number>((sum, item) => sum + countKeys(item, depth + 1), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

function readerOf(text: string): Reader {
  const reader = new Reader(text);
  reader.readAll();
  return reader;
}

class Reader {
  readonly #text: string;
  /** Where each value of an object starts, by the object and the key. */
  readonly #offsets = new WeakMap<object, ReadonlyMap<string, number>>();
  /** Offset of the first character of each line. */
  #lineStarts: readonly number[] | undefined;
  #root: unknown;
  #token = '';
  #start = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    this.#next();
  }

  readAll(): unknown {
    this.#root = this.#readValue(0);
    if (this.#token !== '')
      throw new Fault(`expected the end of the file, found ${this.#found()}`, this.#start);
    return this.#root;
  }

  placeOf(offset: number): { readonly line: number; readonly column: number } {
    this.#lineStarts ??= [0, ...Array.from(this.#text.matchAll(/\n/g), ({ index }) => index + 1)];
    const next = this.#lineStarts.findIndex((start) => start > offset);
    const line = next < 0 ? this.#lineStarts.length : next;
    return { line, column: offset - (this.#lineStarts[line - 1] ?? 0) + 1 };
  }

  /** The line of the value at a path such as `sites.pk_1.origins[1]`; of the nearest one around it if there is none. */
  lineOf(path: string): number | undefined {
    let value = this.#root;
    let offset: number | undefined;
    for (const step of path.match(/"(?:[^"\\]|\\.)*"|[^.[\]]+/g) ?? []) {
      if (typeof value !== 'object' || value === null) break;
      const key = step.startsWith('"') ? String(JSON.parse(step)) : step;
      offset = this.#offsets.get(value)?.get(key) ?? offset;
      const inner: unknown = Reflect.get(value, key);
      value = inner;
    }
    return offset === undefined ? undefined : this.placeOf(offset).line;
  }

  #next(): void {
    const match = TOKEN.exec(this.#text);
    this.#token = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4] ?? '';
    this.#start = (match ? match.index + match[0].length : this.#text.length) - this.#token.length;
  }

  #readValue(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Fault(`nests deeper than ${MAX_DEPTH} levels`, this.#start);
    if (this.#token === '{') return this.#readObject(depth);
    if (this.#token === '[') return this.#readArray(depth);
    return this.#readScalar('a value');
  }

  #readObject(depth: number): unknown {
    const object: Record<string, unknown> = {};
    const offsets = new Map<string, number>();
    this.#offsets.set(object, offsets);
    this.#readItems('}', () => {
      const start = this.#start;
      if (!this.#token.startsWith('"'))
        throw new Fault(`expected a key in quotes, found ${this.#found()}`, start);
      const key = String(this.#readScalar('a key'));
      if (offsets.has(key)) throw new Fault(`the key ${JSON.stringify(key)} is given twice`, start);
      if (key === '__proto__') throw new Fault('the key "__proto__" is not allowed', start);
      offsets.set(key, start);
      this.#expect(':');
      object[key] = this.#readValue(depth + 1);
    });
    return object;
  }

  #readArray(depth: number): unknown {
    const list: unknown[] = [];
    const offsets = new Map<string, number>();
    this.#offsets.set(list, offsets);
    this.#readItems(']', () => {
      offsets.set(String(list.length), this.#start);
      list.push(this.#readValue(depth + 1));
    });
    return list;
  }

  #readItems(end: '}' | ']', readItem: () => void): void {
    this.#next();
    while (this.#token !== end) {
      readItem();
      if (this.#token === end) break;
      this.#expect(',');
      if (this.#token === end)
        throw new Fault('a comma stands before the end of a list or object', this.#start);
    }
    this.#next();
  }

  #readScalar(what: string): unknown {
    const start = this.#start;
    try {
      const value: unknown = JSON.parse(this.#token);
      this.#next();
      return value;
    } catch {
      throw new Fault(`expected ${what}, found ${this.#found()}`, start);
    }
  }

  #expect(token: string): void {
    if (this.#token !== token) throw new Fault(`expected "${token}", found ${this.#found()}`, this.#start);
    this.#next();
  }

  /** Punctuation and bare words only: a text might be a secret. */
  #found(): string {
    if (this.#token === '') return 'the end of the file';
    if (this.#token.length > 1 && this.#token.startsWith('"')) return 'a text';
    return this.#token.length > 20 ? 'something else' : `"${this.#token}"`;
  }
}
