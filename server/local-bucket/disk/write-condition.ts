// If-None-Match and If-Match on writes: looked at before the body is read, and again at the moment of publishing.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
import { S3Error } from '../s3-error.js';
import type { ObjectRecord } from './records.js';

export class WriteCondition {
  readonly #mustBeNew: boolean;
  readonly #etag: string | undefined;
  #deletedMeanwhile = false;

  constructor(ifNoneMatch: string | undefined, ifMatch: string | undefined) {
    // S3 knows only the star here.
    if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
      throw new S3Error('NotImplemented', undefined, { details: { Header: 'If-None-Match' } });
    this.#mustBeNew = ifNoneMatch !== undefined;
    this.#etag = ifMatch?.replaceAll('"', '');
  }

  get isEmpty(): boolean {
    return !this.#mustBeNew && this.#etag === undefined;
  }

  /** A delete while the body was under way is a conflict that only the client can judge. */
  noteDeletion(): void {
    this.#deletedMeanwhile = true;
  }

  /** @throws {S3Error} PreconditionFailed, ConditionalRequestConflict or, for If-Match on nothing, NoSuchKey. */
  check(latest: ObjectRecord | undefined): void {
    const current = latest?.deleteMarker ? undefined : latest;
    if (this.#mustBeNew && current)
      throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-None-Match' } });
    if (this.#deletedMeanwhile && !this.isEmpty) throw new S3Error('ConditionalRequestConflict');
    if (this.#etag === undefined) return;
    if (!current) throw new S3Error('NoSuchKey');
    if (this.#etag !== '*' && this.#etag !== current.etag)
      throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-Match' } });
  }
}
