// What the signer asks of a bucket, through the AWS SDK: is the file there, and would storage let us look?
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { StorageSettings } from '../sites/site.js';
import { bucketRegion } from './bucket-region.js';
import { ANSWER_TIMEOUT, askWithin, errorName, httpStatus, lazyClient } from './s3-client.js';
import type { Storage, StoredObject } from './storage.js';

/** An object that nobody ever writes. */
const PROBE_KEY = '.b2-uploader/nothing';

export interface Asker extends Pick<Storage, 'headObject'> {
  /**
   * Asks for an object that is not there, to learn whether bucket and key are right.
   * @returns What is wrong; undefined when all is well.
   */
  findFault(signal: AbortSignal): Promise<StorageFault | undefined>;
}

export interface StorageFault {
  /** Storage's own word, such as `NoSuchBucket`. */
  readonly name: string;
  /** Where the bucket is, when it is elsewhere. */
  readonly region?: string;
}

/** @param loadClient - Shared by all that ask the same bucket. */
export function createAsker(settings: StorageSettings, loadClient = lazyClient(settings)): Asker {
  return {
    headObject: (key, signal) =>
      askWithin<StoredObject | undefined>(
        { signal, timeoutMs: ANSWER_TIMEOUT },
        async (abortSignal) => {
          const { client, HeadObjectCommand } = await loadClient();
          const command = new HeadObjectCommand({ Bucket: settings.bucket, Key: key });
          return toStoredObject(await client.send(command, { abortSignal }));
        },
        (status) => (status === 404 ? { value: undefined } : undefined),
      ),
    async findFault(signal) {
      const { client, GetObjectCommand } = await loadClient();
      try {
        // HEAD answers carry no words: only GET tells a missing bucket from a missing object.
        await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: PROBE_KEY }), {
          abortSignal: signal,
        });
        return undefined;
      } catch (error) {
        const name = errorName(error);
        if (name === 'NoSuchKey') return undefined;
        const status = httpStatus(error);
        const region = bucketRegion(error, status);
        return { name: faultName(name, status), ...(region === undefined ? {} : { region }) };
      }
    },
  };
}

function faultName(name: string, status: number | undefined): string {
  if (status === undefined) return 'it cannot be reached';
  return /^[A-Za-z]{3,60}$/.test(name) && name !== 'Unknown' ? name : `status ${status}`;
}

function toStoredObject(head: HeadObjectCommandOutput): StoredObject {
  return {
    size: head.ContentLength ?? 0,
    type: head.ContentType ?? '',
    etag: (head.ETag ?? '').replaceAll('"', ''),
    storedAt: head.LastModified ?? new Date(0),
    presentation: [head.ContentEncoding, head.ContentDisposition].filter((value) => value !== undefined),
    ...(head.VersionId === undefined || head.VersionId === 'null' ? {} : { versionId: head.VersionId }),
  };
}
