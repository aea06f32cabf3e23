// What the signer asks of a bucket, through the AWS SDK: is the file there, and would storage let us look?
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { ProblemError } from '../problem.js';
import type { StorageSettings } from '../sites/site.js';
import { usesPathStyle } from './presigner.js';
import type { Storage, StoredObject } from './storage.js';

/** An object that nobody ever writes. */
const PROBE_KEY = '.b2-uploader/nothing';
/** Milliseconds. */
const HEAD_TIMEOUT = 8000;

export interface Asker extends Pick<Storage, 'headObject'> {
  /**
   * Asks for an object that is not there, to learn whether bucket and key are right.
   * @returns Storage's own word for what is wrong, such as `NoSuchBucket`; undefined when all is well.
   */
  findFault(signal: AbortSignal): Promise<string | undefined>;
}

export function createAsker(settings: StorageSettings): Asker {
  const loadClient = lazyClient(settings);
  return {
    async headObject(key, signal) {
      const { client, HeadObjectCommand } = await loadClient();
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(HEAD_TIMEOUT)]);
      try {
        const command = new HeadObjectCommand({ Bucket: settings.bucket, Key: key });
        return toStoredObject(await client.send(command, { abortSignal }));
      } catch (error) {
        if (httpStatus(error) === 404) return undefined;
        throw toProblemError(error, abortSignal);
      }
    },
    async findFault(signal) {
      const { client, GetObjectCommand } = await loadClient();
      try {
        // HEAD answers carry no words: only GET tells a missing bucket from a missing object.
        await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: PROBE_KEY }), {
          abortSignal: signal,
        });
        return undefined;
      } catch (error) {
        const name = error instanceof Error ? error.name : '';
        return name === 'NoSuchKey' ? undefined : faultOf(name, httpStatus(error));
      }
    },
  };
}

/** The whole SDK costs 130 ms and 21 MB to load, which signing alone never needs. */
function lazyClient(settings: StorageSettings): () => ReturnType<typeof openClient> {
  let loading: ReturnType<typeof openClient> | undefined;
  return () => (loading ??= openClient(settings));
}

async function openClient(settings: StorageSettings) {
  const { S3Client, GetObjectCommand, HeadObjectCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: usesPathStyle(settings),
    credentials: { accessKeyId: settings.keyId, secretAccessKey: settings.applicationKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    // Node's default of 50 would let a few busy callers keep all others waiting.
    requestHandler: { httpAgent: { maxSockets: 256 }, httpsAgent: { maxSockets: 256 } },
  });
  return { client, GetObjectCommand, HeadObjectCommand };
}

function faultOf(name: string, status: number | undefined): string {
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

function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Says what storage did without its own words, which may name keys and hosts; those go to the log as cause. */
function toProblemError(cause: unknown, signal: AbortSignal): ProblemError {
  const status = httpStatus(cause);
  if (signal.aborted)
    return new ProblemError('storage-timeout', 'Storage did not answer in time.', { cause });
  if (status === undefined)
    return new ProblemError('storage-unavailable', 'Storage cannot be reached.', { cause });
  if (status >= 500 || status === 429) {
    const details = { retryAfterSeconds: 1, cause };
    return new ProblemError('storage-unavailable', 'Storage is busy or failing.', details);
  }
  const hint = status === 403 ? ' Its key may not read files in this bucket, or is not valid.' : '';
  return new ProblemError('storage-error', `Storage answered ${status} to the signer.${hint}`, { cause });
}
