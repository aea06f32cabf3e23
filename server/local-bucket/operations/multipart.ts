// Multipart uploads: create, abort, and the parts. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
import type { Upload } from '../disk/read-contents.js';
import { bucketOf, header, keyOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { isKnownChecksum } from '../http/checksums.js';
import { receiveBody } from '../http/receive-body.js';
import { text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { readObjectHeaders } from './object-headers.js';
import { checksumHeader, MAX_BODY_BYTES } from './put-object.js';

export const MAX_PARTS = 10_000;

export async function createMultipartUpload(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const checksumName = header(call, 'x-amz-checksum-algorithm')?.toLowerCase();
  if (checksumName !== undefined && !isKnownChecksum(checksumName)) {
    throw new S3Error('NotImplemented', undefined, { details: { Header: 'x-amz-checksum-algorithm' } });
  }
  const headers = readObjectHeaders(call);
  const initiatedAtMs = call.service.now().getTime();
  const upload = await bucket.publishUpload(bucket.blobs.createWriter(), {
    key,
    headers,
    initiatedAtMs,
    ...(checksumName && { checksumName }),
  });
  return {
    status: 200,
    headers: checksumName ? { 'x-amz-checksum-algorithm': checksumName.toUpperCase() } : {},
    xml: xmlDocument('InitiateMultipartUploadResult', [
      text('Bucket', bucket.name),
      text('Key', key),
      text('UploadId', upload.fileId),
    ]),
  };
}

export async function uploadPart(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const uploadId = uploadOf(call).fileId;
  const partNumber = partNumberOf(call);
  const writer = bucket.blobs.createWriter();
  try {
    const { size, md5, checksum } = await receiveBody(call, MAX_BODY_BYTES, (chunk) => writer.write(chunk));
    const modifiedAtMs = call.service.now().getTime();
    const part = await bucket.publishPart(writer, {
      uploadId,
      partNumber,
      size,
      etag: md5,
      modifiedAtMs,
      ...(checksum && { checksum }),
    });
    return { status: 200, headers: { etag: `"${part.etag}"`, ...checksumHeader(part) } };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

export async function abortMultipartUpload(call: Call): Promise<Answer> {
  await bucketOf(call).removeUpload(uploadOf(call));
  return { status: 204 };
}

/** @throws {S3Error} NoSuchUpload also for an upload of another key, and for one that is being assembled. */
export function uploadOf(call: Call): Upload {
  const uploadId = parameter(call, 'uploadId') ?? '';
  const upload = bucketOf(call).uploads.get(uploadId);
  if (upload && upload.key === keyOf(call) && !upload.isCompleting) return upload;
  throw new S3Error('NoSuchUpload', undefined, { details: { UploadId: uploadId } });
}

export function partNumberOf(call: Call): number {
  const value = parameter(call, 'partNumber') ?? '';
  const partNumber = Number(value);
  if (/^\d{1,5}$/.test(value) && partNumber >= 1 && partNumber <= MAX_PARTS) return partNumber;
  throw new S3Error(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    {
      details: { ArgumentName: 'partNumber', ArgumentValue: value },
    },
  );
}
