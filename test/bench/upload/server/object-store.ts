// What the bench's storage remembers: sizes only, so that it costs nothing and still notices a lost or doubled byte.

/** What storage was sent and what it holds, since the last reset. */
export interface StoreReport {
  readonly objects: number;
  /** Of finished objects. */
  readonly storedBytes: number;
  /** Of all bodies that arrived, whatever became of them. */
  readonly receivedBytes: number;
}

export class ObjectStore {
  readonly #objects = new Map<string, number>();
  readonly #uploads = new Map<string, Map<number, number>>();
  #receivedBytes = 0;

  putObject(key: string, bytes: number): void {
    this.#receivedBytes += bytes;
    this.#objects.set(key, bytes);
  }

  putPart(uploadId: string, partNumber: number, bytes: number): void {
    this.#receivedBytes += bytes;
    const parts = this.#uploads.get(uploadId) ?? new Map<number, number>();
    this.#uploads.set(uploadId, parts.set(partNumber, bytes));
  }

  /** Bytes of a finished object; undefined when there is none. */
  size(key: string): number | undefined {
    return this.#objects.get(key);
  }

  /** Part numbers and their bytes, in order. */
  parts(uploadId: string): readonly (readonly [number, number])[] {
    return [...(this.#uploads.get(uploadId) ?? [])].toSorted(([a], [b]) => a - b);
  }

  /** Makes the parts one object. */
  finish(key: string, uploadId: string): number {
    const bytes = this.parts(uploadId).reduce((sum, [, size]) => sum + size, 0);
    this.#uploads.delete(uploadId);
    this.#objects.set(key, bytes);
    return bytes;
  }

  abort(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  reset(): void {
    this.#objects.clear();
    this.#uploads.clear();
    this.#receivedBytes = 0;
  }

  report(): StoreReport {
    const storedBytes = [...this.#objects.values()].reduce((sum, size) => sum + size, 0);
    return { objects: this.#objects.size, storedBytes, receivedBytes: this.#receivedBytes };
  }
}
