// What is kept about each object, upload and part: the JSON record at the end of each blob file, and a bucket's settings.

/** A checksum that the client sent and that matched; `name` is the header's last word, such as `crc32`. */
export interface Checksum {
  readonly name: string;
  readonly value: string;
}

/** A run of an object's bytes that lives in a blob file of its own: one part of a multipart upload. */
export interface Segment {
  readonly fileId: string;
  readonly size: number;
}

export interface ObjectRecord {
  readonly kind: 'object';
  readonly key: string;
  /** `null` (the word) while the bucket keeps no versions. */
  readonly versionId: string;
  /** Order of writes within the bucket: the version with the highest number is the latest. */
  readonly sequence: number;
  readonly modifiedAtMs: number;
  readonly deleteMarker: boolean;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Headers that GET and HEAD give back: content-type and its like, x-amz-meta-*. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  /** Present on objects that were uploaded in parts; else the bytes are in the record's own file. */
  readonly segments?: readonly Segment[];
  /** The upload that the segments came from. */
  readonly uploadId?: string;
}

export interface UploadRecord {
  readonly kind: 'upload';
  readonly key: string;
  readonly initiatedAtMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksumName?: string;
}

export interface PartRecord {
  readonly kind: 'part';
  readonly uploadId: string;
  readonly partNumber: number;
  readonly sequence: number;
  readonly modifiedAtMs: number;
  readonly size: number;
  readonly etag: string;
  readonly checksum?: Checksum;
}

export type BlobRecord = ObjectRecord | UploadRecord | PartRecord;

/** A record together with the file that holds it. */
export type Stored<R extends BlobRecord> = R & { readonly fileId: string };

export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly expirationDays?: number;
  readonly expirationDate?: string;
  readonly expireLoneDeleteMarkers?: boolean;
  readonly noncurrentDays?: number;
  readonly newerNoncurrentVersions?: number;
  readonly abortUploadDays?: number;
}

export interface BucketSettings {
  readonly createdAtMs: number;
  readonly versioning: 'Off' | 'Enabled' | 'Suspended';
  readonly corsRules?: readonly CorsRule[];
  readonly lifecycleRules?: readonly LifecycleRule[];
}

/** Whether parsed JSON is a record; what this program wrote needs no closer look. */
export function isBlobRecord(value: unknown): value is BlobRecord {
  return isObject(value) && (value.kind === 'object' || value.kind === 'upload' || value.kind === 'part');
}

export function isBucketSettings(value: unknown): value is BucketSettings {
  return isObject(value) && typeof value.createdAtMs === 'number' && typeof value.versioning === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
