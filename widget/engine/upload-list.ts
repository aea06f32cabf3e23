// The listed uploads in their order, with what is asked of all of them kept up to date: ten thousand files stay cheap.
import type { Taken } from './restrictions.js';
import type { FileSnapshot } from './snapshot.js';
import { snapshotOf, type Upload } from './upload.js';

export class UploadList {
  #byId = new Map<string, Upload>();
  #files: readonly FileSnapshot[] | undefined;
  #taken: Taken = { count: 0, bytes: 0 };
  #admitted: Taken = { count: 0, bytes: 0 };

  [Symbol.iterator](): IterableIterator<Upload> {
    return this.#byId.values();
  }

  find(id: string): Upload | undefined {
    return this.#byId.get(id);
  }

  has({ id }: Upload): boolean {
    return this.#byId.has(id);
  }

  /** Whether a listed upload goes by this plan. */
  holds(planId: string): boolean {
    for (const { memory } of this) if (memory.plan?.id === planId) return true;
    return false;
  }

  /** One upload, or all of them. */
  select(id: string | undefined): readonly Upload[] {
    if (id === undefined) return [...this.#byId.values()];
    const upload = this.find(id);
    return upload ? [upload] : [];
  }

  /** Frozen snapshots in order; the same array until something changes. */
  get files(): readonly FileSnapshot[] {
    this.#files ??= Object.freeze(Array.from(this, ({ snapshot }) => snapshot));
    return this.#files;
  }

  /** What counts towards limits: everything listed, but not what was refused. */
  get taken(): Taken {
    return this.#taken;
  }

  /** What the site's policy has taken already. */
  get admitted(): Taken {
    return this.#admitted;
  }

  add(upload: Upload): void {
    this.#byId.set(upload.id, upload);
    this.#count(upload, 1);
    this.changed();
  }

  remove(upload: Upload): void {
    this.#byId.delete(upload.id);
    this.#count(upload, -1);
    this.changed();
  }

  move(upload: Upload, index: number): void {
    const others = Array.from(this).filter((other) => other !== upload);
    const order = others.toSpliced(Math.max(0, index), 0, upload);
    this.#byId = new Map(order.map((one) => [one.id, one]));
    this.changed();
  }

  admit(upload: Upload): void {
    if (upload.isAdmitted) return;
    upload.isAdmitted = true;
    this.#admitted = plus(this.#admitted, upload, 1);
  }

  setRefused(upload: Upload, isRefused: boolean): void {
    if (upload.isRefused === isRefused) return;
    upload.isRefused = isRefused;
    this.#taken = plus(this.#taken, upload, isRefused ? -1 : 1);
  }

  /** Takes a new snapshot: an image counts as it is sent, once that is known. */
  renew(upload: Upload): void {
    this.#count(upload, -1);
    upload.snapshot = snapshotOf(upload);
    this.#count(upload, 1);
  }

  /** A snapshot changed. */
  changed(): void {
    this.#files = undefined;
  }

  #count(upload: Upload, sign: 1 | -1): void {
    if (!upload.isRefused) this.#taken = plus(this.#taken, upload, sign);
    if (upload.isAdmitted) this.#admitted = plus(this.#admitted, upload, sign);
  }
}

function plus({ count, bytes }: Taken, { snapshot }: Upload, sign: 1 | -1): Taken {
  return { count: count + sign, bytes: bytes + sign * snapshot.size };
}
