// Where a bucket is, as storage tells whoever asks in the wrong place.
import { HttpResponse } from '@smithy/core/protocols';

/** Redirects, and a signature for another region. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const ELSEWHERE: ReadonlySet<number | undefined> = new Set([301, 307, 400]);

/**
 * @param error - Of the SDK.
 * @returns The region that the answer names; undefined when it names none, or the bucket is where it was looked for.
 */
export function bucketRegion(error: unknown, status: number | undefined): string | undefined {
  if (!(error instanceof Error) || !ELSEWHERE.has(status)) return undefined;
  const region = 'Region' in error ? error.Region : regionHeader(error);
  return typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined;
}

/** HEAD answers have no body to say it in. */
function regionHeader(error: Error): string | undefined {
  if (!('$response' in error) || !HttpResponse.isInstance(error.$response)) return undefined;
  return error.$response.headers['x-amz-bucket-region'];
}
