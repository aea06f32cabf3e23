// The AWS SDK, loaded when storage is first asked, and what its failures mean to a caller.
import { HttpResponse } from '@smithy/core/protocols';
import { ProblemError } from '../problem.js';
import { judgeAnswer } from '../rules/retry.js';
import type { StorageSettings } from '../sites/site.js';
import { bucketRegion } from './bucket-region.js';
import { usesPathStyle } from './presigner.js';
import type { StorageClock } from './storage-clocks.js';

/** Milliseconds that storage has for an ordinary answer. */
export const ANSWER_TIMEOUT = 8000;

export type LoadClient = () => ReturnType<typeof openClient>;

/**
 * The whole SDK costs 130 ms and 21 MB to load, which signing alone never needs.
 * @param clock - Learns from each answer what time it is there.
 */
export function lazyClient(settings: StorageSettings, clock?: Pick<StorageClock, 'note'>): LoadClient {
  let loading: ReturnType<typeof openClient> | undefined;
  return () => (loading ??= openClient(settings, clock));
}

async function openClient(settings: StorageSettings, clock: Pick<StorageClock, 'note'> | undefined) {
  const {
    S3Client,
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListMultipartUploadsCommand,
    ListPartsCommand,
  } = await import('@aws-sdk/client-s3');
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
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      if (HttpResponse.isInstance(result.response)) noteTime(result.response, clock);
      return result;
    },
    // Low: before an answer is read, so that refusals tell the time, too.
    { step: 'deserialize', priority: 'low', name: 'readTime' },
  );
  return {
    client,
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListMultipartUploadsCommand,
    ListPartsCommand,
  };
}

/** Asks storage within a time; its failures become problems, but those that `expected` turns into a value. */
export async function askWithin<T>(
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ask: (abortSignal: AbortSignal) => Promise<T>,
  expected: (status: number | undefined, name: string) => { readonly value: T } | undefined = () => undefined,
): Promise<T> {
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await ask(abortSignal);
  } catch (error) {
    const outcome = expected(httpStatus(error), errorName(error));
    if (outcome) return outcome.value;
    throw toProblemError(error, abortSignal);
  }
}

/** The HTTP status behind an error of the SDK. */
export function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Storage's own code, such as `NoSuchUpload`. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Says what storage did without its own words, which may name keys and hosts; those go to the log as cause. */
function toProblemError(cause: unknown, signal: AbortSignal): ProblemError {
  if (cause instanceof ProblemError) return cause;
  const status = httpStatus(cause);
  if (signal.aborted)
    return new ProblemError('storage-timeout', 'Storage did not answer in time.', { cause });
  if (status === undefined)
    return new ProblemError('storage-unavailable', 'Storage cannot be reached.', { cause });
  if (judgeAnswer(status, errorName(cause)) === 'retry') {
    const details = { retryAfterSeconds: 1, cause };
    return new ProblemError('storage-unavailable', 'Storage is busy or failing.', details);
  }
  const detail = `Storage answered ${status} to the signer.${hintOn(cause, status)}`;
  return new ProblemError('storage-error', detail, { cause });
}

/** What a cache kept has the time of another day. */
function noteTime({ headers }: HttpResponse, clock: Pick<StorageClock, 'note'> | undefined): void {
  if (headers['age'] === undefined) clock?.note(headers['date']);
}

function hintOn(error: unknown, status: number): string {
  const region = bucketRegion(error, status);
  if (region !== undefined) return ` Its bucket is in the region ${region}, which the endpoint must name.`;
  return status === 403 ? ' Its key may not do this in this bucket, or is not valid.' : '';
}
