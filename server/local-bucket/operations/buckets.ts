// Buckets themselves: create, head, list, delete, location. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
import { bucketOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { group, parseXml, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { checkBucketName } from './bucket-name.js';

const MAX_CONFIGURATION_BYTES = 16 * 1024;

/** Name and id shown wherever S3 names an owner; there is one account. */
export const OWNER_XML = group('Owner', [text('ID', 'local'), text('DisplayName', 'local')]);

export async function createBucket(call: Call): Promise<Answer> {
  const name = call.target.bucketName ?? '';
  checkBucketName(name);
  await checkLocation(call);
  const { store, now, profile } = call.service;
  if (store.bucket(name))
    throw new S3Error('BucketAlreadyOwnedByYou', undefined, { details: { BucketName: name } });
  // Backblaze keeps versions in every bucket: https://www.backblaze.com/docs/cloud-storage-s3-compatible-api-bucket-versions
  store.createBucket(name, {
    createdAtMs: now().getTime(),
    versioning: profile === 'b2' ? 'Enabled' : 'Off',
  });
  return { status: 200, headers: { location: `/${name}` } };
}

export function headBucket(call: Call): Answer {
  bucketOf(call);
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': call.service.region, 'content-type': 'application/xml' },
  };
}

export async function deleteBucket(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  if (!bucket.isEmpty)
    throw new S3Error('BucketNotEmpty', undefined, { details: { BucketName: bucket.name } });
  await call.service.store.deleteBucket(bucket);
  return { status: 204 };
}

export function listBuckets(call: Call): Answer {
  const buckets = call.service.store
    .buckets()
    .map((bucket) =>
      group('Bucket', [
        text('Name', bucket.name),
        text('CreationDate', new Date(bucket.settings.createdAtMs).toISOString()),
      ]),
    );
  return { status: 200, xml: xmlDocument('ListAllMyBucketsResult', [OWNER_XML, group('Buckets', buckets)]) };
}

export function getBucketLocation(call: Call): Answer {
  bucketOf(call);
  const { region } = call.service;
  // The oldest region has no name here: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  const name = region === 'us-east-1' ? '' : region;
  return { status: 200, xml: xmlDocument('LocationConstraint', [name]) };
}

async function checkLocation(call: Call): Promise<void> {
  if (Number(call.request.headers['content-length'] ?? 0) === 0) return;
  const configuration = parseXml(
    await receiveSmallBody(call, MAX_CONFIGURATION_BYTES),
    'CreateBucketConfiguration',
  );
  const location = configuration.text('LocationConstraint');
  if (!location || location === call.service.region) return;
  throw new S3Error(
    'IllegalLocationConstraintException',
    `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
