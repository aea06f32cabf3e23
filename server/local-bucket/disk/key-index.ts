// Keys in the order in which S3 lists them, in memory: a map for look-ups, a sorted array for listings.
//
// 100 000 keys cost about 10 MB and one insertion moves at most 800 kB of pointers (tens of microseconds), so a tree or a
// database would buy nothing at the sizes a local store sees. The array is sorted once when a bucket is opened.

export class KeyIndex<T> {
  readonly #values = new Map<string, T>();
  #keys: string[] = [];

  /** Replaces everything. */
  load(entries: Iterable<readonly [string, T]>): void {
    this.#values.clear();
    for (const [key, value] of entries) this.#values.set(key, value);
    this.#keys = [...this.#values.keys()].sort(compareKeys);
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#position(key), 0, key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.splice(this.#position(key), 1);
  }

  /** First key that is not less than `from`, or, with `after`, the first beyond it. */
  seek(from: string, after = false): number {
    const position = this.#position(from);
    return after && this.#keys[position] === from ? position + 1 : position;
  }

  /** Position behind the last key that starts with `prefix`; `from` is the position of one that does. */
  seekPastPrefix(prefix: string, from: number): number {
    let low = from;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]?.startsWith(prefix)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  keyAt(position: number): string | undefined {
    return this.#keys[position];
  }

  /** Keys in order; do not change the index meanwhile. */
  keys(): readonly string[] {
    return this.#keys;
  }

  #position(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** S3 lists in UTF-8 byte order; JavaScript compares UTF-16, which differs where a surrogate meets U+E000 and above. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

function byteRank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return isSurrogate ? unit + 0x10000 : unit;
}
