// Which names a bucket may have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
import { S3Error } from '../s3-error.js';

const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** @throws {S3Error} InvalidBucketName. */
export function checkBucketName(name: string): void {
  const isValid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !RESERVED.test(name);
  if (!isValid) throw new S3Error('InvalidBucketName', undefined, { details: { BucketName: name } });
}
