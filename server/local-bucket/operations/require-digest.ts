// Some calls must say what their body is: S3 refuses a configuration or a deletion list that a proxy might have cut.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
import type { Call } from '../http/call.js';
import { S3Error } from '../s3-error.js';

/** @throws {S3Error} InvalidRequest unless the request carries Content-MD5 or a checksum (in a header or a trailer). */
export function requireDigest(call: Call): void {
  const isGiven = Object.keys(call.request.headers).some(
    (name) => name === 'content-md5' || /^x-amz-(?:checksum-.+|trailer)$/.test(name),
  );
  if (!isGiven) throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
}
