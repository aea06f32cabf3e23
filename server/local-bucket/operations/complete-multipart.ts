// CompleteMultipartUpload: the parts stay where they are, the object is a list of them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
import { createHash } from 'node:crypto';
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import type { Upload } from '../disk/read-contents.js';
import type { Checksum, PartRecord, Stored } from '../disk/records.js';
import type { WriteCondition } from '../disk/write-condition.js';
import { bucketOf, keyOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { createDigest } from '../http/checksums.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { parseXml, text, xmlDocument } from '../http/xml.js';
import type { XmlNode } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { MAX_PARTS, uploadOf } from './multipart.js';
import { versionHeader } from './object-headers.js';
import { readWriteCondition } from './put-object.js';

const MIN_PART_BYTES = 5 * 2 ** 20;
// 10 000 parts, each with number, ETag and a checksum.
const MAX_LIST_BYTES = 4 * 2 ** 20;

type Part = Stored<PartRecord>;

export async function completeMultipartUpload(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  uploadOf(call);
  const condition = readWriteCondition(call);
  const list = parseXml(await receiveSmallBody(call, MAX_LIST_BYTES), 'CompleteMultipartUpload');

  // Asked again: a rival may have won while the list was on its way.
  const upload = uploadOf(call);
  const parts = chooseParts(list.children('Part'), upload);
  condition.check(bucket.latest(upload.key));
  const unwatch = bucket.watch(upload.key, condition);
  upload.isCompleting = true;
  const version = await assemble(call, { bucket, upload, parts, condition }).finally(() => {
    upload.isCompleting = false;
    unwatch();
  });
  return answer(call, version);
}

/** Holds the client's list against what is stored. */
function chooseParts(wanted: readonly XmlNode[], upload: Upload): readonly Part[] {
  if (wanted.length === 0 || wanted.length > MAX_PARTS) throw new S3Error('MalformedXML');
  const numbers = wanted.map((node) => node.integer('PartNumber', 1) ?? 0);
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0)))
    throw new S3Error('InvalidPartOrder');

  const parts = wanted.map((node, index) => matchPart(node, upload.parts.get(numbers[index] ?? 0)));
  const tooSmall = parts.slice(0, -1).find((part) => part.size < MIN_PART_BYTES);
  if (!tooSmall) return parts;
  throw new S3Error('EntityTooSmall', undefined, {
    details: {
      ProposedSize: String(tooSmall.size),
      MinSizeAllowed: String(MIN_PART_BYTES),
      PartNumber: String(tooSmall.partNumber),
      ETag: tooSmall.etag,
    },
  });
}

function matchPart(node: XmlNode, part: Part | undefined): Part {
  const etag = node.text('ETag')?.replaceAll('"', '').trim();
  if (etag === undefined) throw new S3Error('MalformedXML');
  const checksum = part?.checksum;
  const claimed = checksum && node.text(`Checksum${checksum.name.toUpperCase()}`);
  if (part && part.etag === etag && (claimed === undefined || claimed === checksum?.value)) return part;
  throw new S3Error('InvalidPart', undefined, {
    details: { PartNumber: node.text('PartNumber') ?? '', ETag: etag },
  });
}

interface Assembly {
  readonly bucket: Bucket;
  readonly upload: Upload;
  readonly parts: readonly Part[];
  readonly condition: WriteCondition;
}

async function assemble(call: Call, { bucket, upload, parts, condition }: Assembly): Promise<ObjectVersion> {
  const checksum = compositeChecksum(upload.checksumName, parts);
  const version = await bucket.publishObject(
    bucket.blobs.createWriter(),
    {
      key: upload.key,
      headers: upload.headers,
      size: parts.reduce((sum, part) => sum + part.size, 0),
      etag: `${hashOfHashes(parts)}-${parts.length}`,
      modifiedAtMs: call.service.now().getTime(),
      segments: parts.map(({ fileId, size }) => ({ fileId, size })),
      uploadId: upload.fileId,
      ...(checksum && { checksum }),
    },
    condition,
  );
  await bucket.removeUpload(upload, new Set(parts.map((part) => part.fileId)));
  return version;
}

function hashOfHashes(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.etag, 'hex');
  return hash.digest('hex');
}

/** The checksum of the parts' checksums, when every part has one: https://docs.aws.amazon.com/AmazonS3/latest/userguide/tutorial-s3-mpu-additional-checksums.html */
function compositeChecksum(name: string | undefined, parts: readonly Part[]): Checksum | undefined {
  if (name === undefined) return undefined;
  const digest = createDigest(name);
  for (const { checksum } of parts) {
    if (checksum?.name !== name) return undefined;
    digest.update(Buffer.from(checksum.value, 'base64'));
  }
  return { name, value: `${digest.value()}-${parts.length}` };
}

function answer(call: Call, version: ObjectVersion): Answer {
  const bucketName = call.target.bucketName ?? '';
  const { checksum } = version;
  return {
    status: 200,
    headers: versionHeader(version, call),
    xml: xmlDocument('CompleteMultipartUploadResult', [
      text('Location', `http://${call.request.headers.host ?? ''}${encodeURI(call.target.path)}`),
      text('Bucket', bucketName),
      text('Key', keyOf(call)),
      text('ETag', `"${version.etag}"`),
      ...(checksum
        ? [text(`Checksum${checksum.name.toUpperCase()}`, checksum.value), text('ChecksumType', 'COMPOSITE')]
        : []),
    ]),
  };
}
