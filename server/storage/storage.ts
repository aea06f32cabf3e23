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

/** A multipart upload, as storage knows it. */
export interface UploadName {
  readonly key: string;
  readonly uploadId: string;
}

export interface PartTarget extends UploadName {
  /** From 1 up. */
  readonly partNumber: number;
  /** Bytes; the body must have exactly this size. */
  readonly size: number;
  /** Base64. */
  readonly md5?: string;
}

/** A part that storage holds. */
export interface UploadedPart {
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
  /** As storage writes it, quotes included. */
  readonly etag: string;
}

/**
 * How CompleteMultipartUpload ended: `closed` when the upload is no longer open or its key is taken, so that only the
 * object itself can tell how; `stale` when the parts are no longer those that were listed.
 */
export type Completion = 'completed' | 'closed' | 'stale';

/** A PUT that binds only what a client of the `/signed-request` route can keep. */
export interface LoosePutTarget {
  readonly key: string;
  readonly type?: string;
  readonly expiresInSeconds: number;
}

export interface Storage {
  /** A PUT of one whole object: size, type, metadata and, where the store can, "only if absent" are signed. */
  presignPut(target: PutTarget): Promise<SignedRequest>;
  /** A PUT of one part: size and MD5 are signed. It carries no type: the upload has one. */
  presignPart(target: PartTarget): Promise<SignedRequest>;
  presignLoosePut(target: LoosePutTarget): Promise<string>;
  presignGet(target: GetTarget): Promise<string>;
  /**
   * @returns What is stored, or `undefined` when nothing is.
   * @throws {ProblemError} `storage-error`, `storage-unavailable` or `storage-timeout`.
   */
  headObject(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /**
   * Starts a multipart upload.
   * @returns Storage's id of it.
   * @throws {ProblemError} As headObject; so do the other multipart verbs.
   */
  createMultipart(target: Omit<PutTarget, 'size' | 'md5'>, signal: AbortSignal): Promise<string>;
  /**
   * @param upload - `limit`: how many parts are wanted; absent: all.
   * @returns Parts in order, or `undefined` when storage has no such upload.
   */
  listParts(
    upload: UploadName & { readonly limit?: number },
    signal: AbortSignal,
  ): Promise<readonly UploadedPart[] | undefined>;
  /** @param upload - `parts`: every part, in order. */
  completeMultipart(
    upload: UploadName & { readonly parts: readonly UploadedPart[] },
    signal: AbortSignal,
  ): Promise<Completion>;
  /** @returns Uploads in parts that are open below a prefix of keys; the first 1 000. */
  listMultiparts(prefix: string, signal: AbortSignal): Promise<readonly UploadName[]>;
  /** @returns Whether there was such an upload to give up. */
  abortMultipart(upload: UploadName, signal: AbortSignal): Promise<boolean>;
}
