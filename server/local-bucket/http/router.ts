// Which operation a request is: its method, whether it names a bucket or an object, and its subresource.
import { abortMultipartUpload, createMultipartUpload, uploadPart } from '../operations/multipart.js';
import { completeMultipartUpload } from '../operations/complete-multipart.js';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from '../operations/buckets.js';
import { copyObject, uploadPartCopy } from '../operations/copy-object.js';
import { deleteBucketCors, getBucketCors, putBucketCors } from '../operations/cors-configuration.js';
import { deleteObject, deleteObjects } from '../operations/delete-object.js';
import { getObject } from '../operations/get-object.js';
import {
  deleteLifecycleConfiguration,
  getLifecycleConfiguration,
  putLifecycleConfiguration,
} from '../operations/lifecycle-configuration.js';
import { listObjects } from '../operations/list-objects.js';
import { listParts } from '../operations/list-parts.js';
import { listMultipartUploads } from '../operations/list-uploads.js';
import { listObjectVersions } from '../operations/list-versions.js';
import { putObject } from '../operations/put-object.js';
import { getBucketVersioning, putBucketVersioning } from '../operations/versioning.js';
import { S3Error } from '../s3-error.js';
import { header } from './call.js';
import type { Call, Operation, Service } from './call.js';

type Methods = Readonly<Record<string, Operation>>;

const SERVICE: Methods = { GET: listBuckets };

const BUCKET: Readonly<Record<string, Methods>> = {
  '': {
    GET: listObjects,
    HEAD: headBucket,
    PUT: createBucket,
    DELETE: deleteBucket,
    POST: (call) => refusePostObject(call.service),
  },
  cors: { GET: getBucketCors, PUT: putBucketCors, DELETE: deleteBucketCors },
  delete: { POST: deleteObjects },
  lifecycle: {
    GET: getLifecycleConfiguration,
    PUT: putLifecycleConfiguration,
    DELETE: deleteLifecycleConfiguration,
  },
  location: { GET: getBucketLocation },
  uploads: { GET: listMultipartUploads },
  versioning: { GET: getBucketVersioning, PUT: putBucketVersioning },
  versions: { GET: listObjectVersions },
};

const OBJECT: Readonly<Record<string, Methods>> = {
  '': {
    GET: getObject,
    HEAD: getObject,
    PUT: (call) => (isCopy(call) ? copyObject : putObject)(call),
    DELETE: deleteObject,
    POST: (call) => refusePostObject(call.service),
  },
  uploads: { POST: createMultipartUpload },
  uploadId: {
    GET: listParts,
    PUT: (call) => (isCopy(call) ? uploadPartCopy : uploadPart)(call),
    POST: completeMultipartUpload,
    DELETE: abortMultipartUpload,
  },
};

// Subresources that S3 has and this store has not. To ignore one would be to do something else than was asked.
const UNSUPPORTED = [
  'accelerate',
  'acl',
  'analytics',
  'append',
  'attributes',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'website',
] as const;

/** @throws {S3Error} NotImplemented for an unsupported subresource, MethodNotAllowed for a method that it has not. */
export function chooseOperation(call: Call): Operation {
  const { query, bucketName, key } = call.target;
  const unsupported = UNSUPPORTED.find((name) => query.has(name));
  if (unsupported !== undefined)
    throw new S3Error('NotImplemented', `The subresource ${unsupported} is not implemented`);

  const methods = bucketName === undefined ? SERVICE : methodsOf(key === undefined ? BUCKET : OBJECT, query);
  const operation = methods[call.request.method ?? ''];
  if (operation) return operation;
  throw new S3Error('MethodNotAllowed', undefined, {
    details: { Method: call.request.method ?? '' },
    headers: { allow: Object.keys(methods).join(', ') },
  });
}

function methodsOf(table: Readonly<Record<string, Methods>>, query: ReadonlyMap<string, string>): Methods {
  const name = Object.keys(table).find((subresource) => subresource !== '' && query.has(subresource)) ?? '';
  return table[name] ?? {};
}

function isCopy(call: Call): boolean {
  return header(call, 'x-amz-copy-source') !== undefined;
}

/** Form uploads (POST Object): Backblaze answers the same. */
export function refusePostObject({ profile }: Service): never {
  const message = 'Backblaze B2 does not support this API call.';
  throw new S3Error('NotImplemented', profile === 'b2' ? message : 'POST Object is not implemented');
}
