// Object URLs of thumbnails: as many as are worth keeping, the longest unseen go first. Each one that goes is revoked.

export class PreviewCache {
  readonly #max: number;
  /** In the order in which they were last seen. */
  readonly #urls = new Map<string, string>();

  /** @param max - Thumbnails that are kept. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#urls.size;
  }

  get(id: string): string | undefined {
    return this.#urls.get(id);
  }

  /** Counts as seen. @param isKept - Whether one that would have to go is still in view. */
  set(id: string, picture: Blob, isKept: (id: string) => boolean): void {
    this.delete(id);
    this.#urls.set(id, URL.createObjectURL(picture));
    for (const other of this.#urls.keys()) {
      if (this.#urls.size <= this.#max) return;
      if (other !== id && !isKept(other)) this.delete(other);
    }
  }

  touch(id: string): void {
    const url = this.#urls.get(id);
    if (url === undefined) return;
    this.#urls.delete(id);
    this.#urls.set(id, url);
  }

  delete(id: string): void {
    const url = this.#urls.get(id);
    if (url !== undefined) URL.revokeObjectURL(url);
    this.#urls.delete(id);
  }

  clear(): void {
    for (const id of this.#urls.keys()) this.delete(id);
  }
}
