// The port to a bucket, in S3's own verbs. Adapters are in this folder; one contract suite runs on all of them.
import type { SignedRequest } from '../protocol.js';

/** What HeadObject tells of an object. */
export interface StoredObject {
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  /** Without quotes. */
  readonly etag: string;
  readonly storedAt: Date;
  /** Content-Encoding and Content-Disposition, where the object has them. */
  readonly presentation: readonly string[];
  /** Absent where the bucket keeps no versions. */
  readonly versionId?: string;
}

export interface PutTarget {
  readonly key: string;
  /** Bytes; the body must have exactly this size. */
  readonly size: number;
  readonly type: string;
  /** Base64. */
  readonly md5?: string;
  /** Values of `x-amz-meta-*`, already fit for a header. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface GetTarget {
  readonly key: string;
  readonly versionId?: string;
  readonly expiresInSeconds: number;
  /** Overrides of the answer's headers. */
  readonly contentDisposition: string;
}

/** A PUT that binds only what a client of the `/signed-request` route can keep. */
export interface LoosePutTarget {
  readonly key: string;
  readonly type?: string;
  readonly expiresInSeconds: number;
}

export interface Storage {
  /** A PUT of one whole object: size, type, metadata and, where the store can, "only if absent" are signed. */
  presignPut(target: PutTarget): Promise<SignedRequest>;
  presignLoosePut(target: LoosePutTarget): Promise<string>;
  presignGet(target: GetTarget): Promise<string>;
  /**
   * @returns What is stored, or `undefined` when nothing is.
   * @throws {ProblemError} `storage-error`, `storage-unavailable` or `storage-timeout`.
   */
  headObject(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;
}
