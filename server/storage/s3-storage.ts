// Any S3-compatible bucket behind the storage port: presigning by SigV4, questions by the AWS SDK.
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { ProblemError } from '../problem.js';
import type { StorageSettings } from '../sites/site.js';
import { createPresign, usesPathStyle } from './presigner.js';
import { createConditionalPutProbe } from './providers.js';
import type { Storage, StoredObject } from './storage.js';

/** Seconds that a presigned upload stays valid. */
const PUT_EXPIRES_IN = 900;
/** Milliseconds. */
const HEAD_TIMEOUT = 8000;

export interface S3StorageWorld {
  readonly now: () => Date;
  readonly fetch: typeof fetch;
}

/** Opens a bucket. Nothing is asked of it until the first call that needs an answer. */
export function createS3Storage(settings: StorageSettings, world: S3StorageWorld): Storage {
  const presign = createPresign(settings, world.now);
  const honoursIfNoneMatch = createConditionalPutProbe(settings, presign, world.fetch);
  const loadClient = lazyClient(settings);
  return {
    async presignPut({ key, size, type, md5, metadata }) {
      const meta = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value] as const);
      const headers = {
        'content-type': type,
        ...(md5 === undefined ? {} : { 'content-md5': md5 }),
        ...((await honoursIfNoneMatch()) ? { 'if-none-match': '*' } : {}),
        ...Object.fromEntries(meta),
      };
      // Browsers compute content-length themselves and let nobody set it: signed, but not listed.
      const signed = { ...headers, 'content-length': String(size) };
      const url = await presign({ method: 'PUT', key, headers: signed, expiresInSeconds: PUT_EXPIRES_IN });
      return { method: 'PUT', url, headers, expiresInSeconds: PUT_EXPIRES_IN };
    },
    presignLoosePut: ({ key, type, expiresInSeconds }) =>
      presign({
        method: 'PUT',
        key,
        headers: type === undefined ? {} : { 'content-type': type },
        expiresInSeconds,
      }),
    presignGet: ({ key, versionId, expiresInSeconds, contentDisposition }) => {
      const version = versionId === undefined ? {} : { versionId };
      const query = { 'response-content-disposition': contentDisposition, ...version };
      return presign({ method: 'GET', key, query, expiresInSeconds });
    },
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
  };
}

/** The whole SDK costs 130 ms and 21 MB to load, which signing alone never needs. */
function lazyClient(settings: StorageSettings): () => ReturnType<typeof openClient> {
  let loading: ReturnType<typeof openClient> | undefined;
  return () => (loading ??= openClient(settings));
}

async function openClient(settings: StorageSettings) {
  const { S3Client, HeadObjectCommand } = await import('@aws-sdk/client-s3');
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
  return { client, HeadObjectCommand };
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
