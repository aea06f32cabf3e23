// One bucket: what is in it, in memory, and how that changes on disk. Knows nothing of HTTP.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Error } from '../s3-error.js';
import type { BlobWriter } from './blob-file.js';
import { BlobStore } from './blob-store.js';
import { KeyIndex } from './key-index.js';
import { readContents } from './read-contents.js';
import type { Upload } from './read-contents.js';
import { isBucketSettings } from './records.js';
import type {
  BlobRecord,
  BucketSettings,
  ObjectRecord,
  PartRecord,
  Stored,
  UploadRecord,
} from './records.js';
import type { WriteCondition } from './write-condition.js';

const SETTINGS_FILE = 'bucket.json';

export type ObjectDraft = Omit<ObjectRecord, 'kind' | 'versionId' | 'sequence' | 'deleteMarker'>;
export type ObjectVersion = Stored<ObjectRecord>;

interface BucketPlace {
  readonly name: string;
  readonly dir: string;
  readonly tempDir: string;
}

export class Bucket {
  readonly name: string;
  readonly blobs: BlobStore;
  /** Versions of each key, the latest first. */
  readonly objects = new KeyIndex<readonly ObjectVersion[]>();
  readonly uploads = new Map<string, Upload>();
  readonly #place: BucketPlace;
  readonly #conditions = new Map<string, Set<WriteCondition>>();
  #settings: BucketSettings;
  #sequence = 0;
  #isDeleted = false;

  private constructor(place: BucketPlace, settings: BucketSettings) {
    this.name = place.name;
    this.#place = place;
    this.#settings = settings;
    this.blobs = new BlobStore(place.dir, place.tempDir);
  }

  static create(place: BucketPlace, settings: BucketSettings): Bucket {
    mkdirSync(join(place.dir, 'packs'), { recursive: true });
    const bucket = new Bucket(place, settings);
    bucket.changeSettings(settings);
    return bucket;
  }

  /** Opens what an earlier process left, and removes what it did not finish. */
  static async open(place: BucketPlace): Promise<Bucket> {
    const settings: unknown = JSON.parse(readFileSync(join(place.dir, SETTINGS_FILE), 'utf8'));
    if (!isBucketSettings(settings))
      throw new Error(`${join(place.dir, SETTINGS_FILE)} holds no bucket settings`);
    const bucket = new Bucket(place, settings);
    const contents = readContents(bucket.blobs);
    bucket.objects.load(contents.objects);
    for (const upload of contents.uploads) bucket.uploads.set(upload.fileId, upload);
    bucket.#sequence = contents.lastSequence;
    await bucket.blobs.remove(contents.leftoverFileIds);
    return bucket;
  }

  get settings(): BucketSettings {
    return this.#settings;
  }

  get isEmpty(): boolean {
    return this.objects.size === 0;
  }

  changeSettings(settings: BucketSettings): void {
    const temp = join(this.#place.tempDir, `${this.name}.json`);
    writeFileSync(temp, JSON.stringify(settings));
    renameSync(temp, join(this.#place.dir, SETTINGS_FILE));
    this.#settings = settings;
  }

  /** Takes the bucket out of sight in one step and answers the folder that is left to be removed. */
  delete(): string {
    const grave = join(this.#place.tempDir, `${this.name}.deleted-${process.hrtime.bigint()}`);
    this.blobs.close();
    renameSync(this.#place.dir, grave);
    this.#isDeleted = true;
    return grave;
  }

  latest(key: string): ObjectVersion | undefined {
    return this.objects.get(key)?.[0];
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    return this.objects.get(key)?.find((version) => version.versionId === versionId);
  }

  /** Makes an object visible; its body was written to `writer` before, or is in the draft's segments. */
  async publishObject(
    writer: BlobWriter,
    draft: ObjectDraft,
    condition?: WriteCondition,
  ): Promise<ObjectVersion> {
    return this.#publishVersion(writer, { ...draft, deleteMarker: false }, condition);
  }

  async publishUpload(writer: BlobWriter, draft: Omit<UploadRecord, 'kind'>): Promise<Upload> {
    const record: UploadRecord = { ...draft, kind: 'upload' };
    await this.#publish(writer, record, () => undefined);
    const upload: Upload = { ...record, fileId: writer.fileId, parts: new Map() };
    this.uploads.set(upload.fileId, upload);
    return upload;
  }

  async publishPart(
    writer: BlobWriter,
    draft: Omit<PartRecord, 'kind' | 'sequence'>,
  ): Promise<Stored<PartRecord>> {
    const record: PartRecord = { ...draft, kind: 'part', sequence: this.#nextSequence() };
    const upload = await this.#publish(writer, record, () => this.#findUpload(draft.uploadId));
    const part = { ...record, fileId: writer.fileId };
    const replaced = upload.parts.get(part.partNumber);
    upload.parts.set(part.partNumber, part);
    if (replaced) await this.blobs.remove([replaced.fileId]);
    return part;
  }

  /** Forgets an upload; the files of `keptFileIds` now belong to an object. */
  async removeUpload(upload: Upload, keptFileIds: ReadonlySet<string> = new Set()): Promise<void> {
    this.uploads.delete(upload.fileId);
    const partIds = [...upload.parts.values()]
      .map((part) => part.fileId)
      .filter((fileId) => !keptFileIds.has(fileId));
    await this.blobs.remove([upload.fileId, ...partIds]);
  }

  /** Deletes for good. */
  async removeVersion(version: ObjectVersion): Promise<void> {
    const rest = (this.objects.get(version.key) ?? []).filter((other) => other !== version);
    if (rest.length > 0) this.objects.set(version.key, rest);
    else this.objects.delete(version.key);
    this.#noteDeletion(version.key);
    await this.blobs.remove(filesOf(version));
  }

  /** Deletes as a DELETE without version does: with versions a marker goes on top. Answers the marker, if one was made. */
  async deleteLatest(key: string, modifiedAtMs: number): Promise<ObjectVersion | undefined> {
    if (this.#settings.versioning === 'Off') {
      const version = this.latest(key);
      if (version) await this.removeVersion(version);
      return undefined;
    }
    const marker = { key, modifiedAtMs, deleteMarker: true, size: 0, etag: '', headers: {} };
    const version = await this.#publishVersion(this.blobs.createWriter(), marker);
    this.#noteDeletion(key);
    return version;
  }

  /** Tells `condition` of deletions of `key` until the returned function is called. */
  watch(key: string, condition: WriteCondition): () => void {
    const watching = this.#conditions.get(key) ?? new Set();
    this.#conditions.set(key, watching.add(condition));
    return () => {
      watching.delete(condition);
      if (watching.size === 0) this.#conditions.delete(key);
    };
  }

  async #publishVersion(
    writer: BlobWriter,
    draft: ObjectDraft & { readonly deleteMarker: boolean },
    condition?: WriteCondition,
  ): Promise<ObjectVersion> {
    const versionId = this.#settings.versioning === 'Enabled' ? writer.fileId : 'null';
    const record: ObjectRecord = { ...draft, kind: 'object', versionId, sequence: this.#nextSequence() };
    await this.#publish(writer, record, () => condition?.check(this.latest(draft.key)));
    const version = { ...record, fileId: writer.fileId };
    await this.blobs.remove(this.#insert(version).flatMap(filesOf));
    return version;
  }

  /** `check` runs in the same tick as the rename: of two rivals exactly one gets past it. */
  async #publish<T>(writer: BlobWriter, record: BlobRecord, check: () => T): Promise<T> {
    try {
      await writer.finish(record);
      if (this.#isDeleted) throw new S3Error('NoSuchBucket');
      const checked = check();
      this.blobs.publish(writer);
      return checked;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  /** Answers the versions that the new one replaces: with two writers at once that can be the new one itself. */
  #insert(version: ObjectVersion): readonly ObjectVersion[] {
    const all = [...(this.objects.get(version.key) ?? []), version].sort((a, b) => b.sequence - a.sequence);
    const newestNull = all.find((other) => other.versionId === 'null');
    const kept = all.filter((other) => other.versionId !== 'null' || other === newestNull);
    this.objects.set(version.key, kept);
    return all.filter((other) => !kept.includes(other));
  }

  #noteDeletion(key: string): void {
    for (const condition of this.#conditions.get(key) ?? []) condition.noteDeletion();
  }

  #findUpload(uploadId: string): Upload {
    const upload = this.uploads.get(uploadId);
    if (!upload || upload.isCompleting) throw new S3Error('NoSuchUpload');
    return upload;
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}

/** The files of a version, its record's first: without it the segments are leftovers. */
export function filesOf(version: ObjectVersion): readonly string[] {
  return [version.fileId, ...(version.segments ?? []).map((segment) => segment.fileId)];
}
