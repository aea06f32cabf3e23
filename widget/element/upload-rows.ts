// The lines of the list, with what is asked of them at every change counted along: ten thousand files stay cheap.
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import { formValues, type ValueFormat } from './form-value.js';

/** One line of the list: a file, or one that was refused. */
export type Row =
  | { readonly id: string; readonly file: FileSnapshot; readonly refusal?: undefined }
  | { readonly id: string; readonly file?: undefined; readonly refusal: Refusal };

export interface Refusal extends Rejection {
  /** How many files this stands for. */
  readonly count: number;
}

type Status = FileSnapshot['status'];

export class UploadRows {
  #byId = new Map<string, Row>();
  readonly #counts = new Map<Status, number>();
  #all: readonly Row[] | undefined;
  #files: readonly FileSnapshot[] | undefined;
  #values: { readonly format: ValueFormat; readonly list: readonly string[] } | undefined;
  /** How many files are listed; refused ones are not among them. */
  fileCount = 0;

  /** The same array until something changes. */
  get all(): readonly Row[] {
    this.#all ??= [...this.#byId.values()];
    return this.#all;
  }

  /** Snapshots in order; the same array until something changes. */
  get files(): readonly FileSnapshot[] {
    this.#files ??= Object.freeze(this.all.flatMap((row) => row.file ?? []));
    return this.#files;
  }

  get refusals(): readonly Row[] {
    return this.all.filter((row) => row.refusal);
  }

  /** Files of these states. */
  count(...statuses: readonly Status[]): number {
    return statuses.reduce((sum, status) => sum + (this.#counts.get(status) ?? 0), 0);
  }

  /** One string per finished file; the same array until one of them comes, goes or moves. */
  values(format: ValueFormat): readonly string[] {
    if (this.#values?.format !== format) {
      this.#values = { format, list: Object.freeze(formValues(this.files, format)) };
    }
    return this.#values.list;
  }

  get(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  setFile(file: FileSnapshot): void {
    this.#uncount(file.id);
    this.#count(file, 1);
    this.#byId.set(file.id, { id: file.id, file });
    this.#changed();
  }

  setRefusal(id: string, refusal: Refusal): void {
    this.#uncount(id);
    this.#byId.set(id, { id, refusal });
    this.#changed();
  }

  delete(id: string): void {
    this.#uncount(id);
    this.#byId.delete(id);
    this.#changed();
  }

  /** Puts the files into another order; refused ones keep their places. */
  reorder(files: readonly FileSnapshot[]): void {
    const next = files.values();
    const rows = this.all.map((row) =>
      row.file ? (this.#byId.get(next.next().value?.id ?? '') ?? row) : row,
    );
    this.#byId = new Map(rows.map((row) => [row.id, row]));
    this.#values = undefined;
    this.#changed();
  }

  #uncount(id: string): void {
    const file = this.#byId.get(id)?.file;
    if (file) this.#count(file, -1);
  }

  #count({ status }: FileSnapshot, by: 1 | -1): void {
    this.fileCount += by;
    this.#counts.set(status, this.count(status) + by);
    if (status === 'complete') this.#values = undefined;
  }

  #changed(): void {
    this.#all = undefined;
    this.#files = undefined;
  }
}
