// DeleteObject and DeleteObjects: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
import type { Bucket } from '../disk/bucket.js';
import { bucketOf, header, keyOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { checkKey } from '../http/request-target.js';
import { group, parseXml, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { checkVersionId } from './find-version.js';
import { requireDigest } from './require-digest.js';

const MAX_KEYS = 1000;
// 1000 keys of 1024 bytes, each byte perhaps an entity.
const MAX_LIST_BYTES = 8 * 2 ** 20;

interface Deletion {
  readonly key: string;
  readonly versionId?: string;
}

interface Deleted extends Deletion {
  /** Id of the delete marker that was made or removed. */
  readonly markerId?: string;
}

export async function deleteObject(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const key = keyOf(call);
  const versionId = parameter(call, 'versionId');
  checkIfMatch(call, bucket, key);
  const { markerId } = await deleteOne(call, bucket, { key, ...(versionId !== undefined && { versionId }) });
  const shownId = versionId ?? markerId;
  return {
    status: 204,
    headers: {
      ...(markerId !== undefined && { 'x-amz-delete-marker': 'true' }),
      ...(shownId !== undefined && { 'x-amz-version-id': shownId }),
    },
  };
}

export async function deleteObjects(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  requireDigest(call);
  const list = parseXml(await receiveSmallBody(call, MAX_LIST_BYTES), 'Delete');
  const objects = list.children('Object');
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error('MalformedXML');
  const deletions = objects.map((node): Deletion => {
    const [key, versionId] = [node.text('Key'), node.text('VersionId')];
    if (!key) throw new S3Error('MalformedXML');
    return { key, ...(versionId ? { versionId } : {}) };
  });

  const isQuiet = list.text('Quiet')?.trim() === 'true';
  const results = await Promise.all(deletions.map((deletion) => tryDelete(call, bucket, deletion)));
  const shown = results.filter((result) => !isQuiet || result.isError);
  return {
    status: 200,
    xml: xmlDocument(
      'DeleteResult',
      shown.map((result) => result.xml),
    ),
  };
}

async function tryDelete(
  call: Call,
  bucket: Bucket,
  deletion: Deletion,
): Promise<{ readonly isError: boolean; readonly xml: string }> {
  const named = [text('Key', deletion.key), text('VersionId', deletion.versionId)];
  try {
    checkKey(deletion.key);
    const { markerId } = await deleteOne(call, bucket, deletion);
    const marker =
      markerId === undefined ? [] : [text('DeleteMarker', true), text('DeleteMarkerVersionId', markerId)];
    return { isError: false, xml: group('Deleted', [...named, ...marker]) };
  } catch (error) {
    const refusal = error instanceof S3Error ? error : new S3Error('InternalError');
    return {
      isError: true,
      xml: group('Error', [...named, text('Code', refusal.code), text('Message', refusal.message)]),
    };
  }
}

/** What is not there counts as deleted. */
async function deleteOne(call: Call, bucket: Bucket, deletion: Deletion): Promise<Deleted> {
  const { key, versionId } = deletion;
  if (versionId === undefined) {
    const marker = await bucket.deleteLatest(key, call.service.now().getTime());
    return { ...deletion, ...(marker && { markerId: marker.versionId }) };
  }
  checkVersionId(versionId);
  const version = bucket.version(key, versionId);
  if (version) await bucket.removeVersion(version);
  return { ...deletion, ...(version?.deleteMarker && { markerId: versionId }) };
}

function checkIfMatch(call: Call, bucket: Bucket, key: string): void {
  const ifMatch = header(call, 'if-match');
  if (ifMatch === undefined) return;
  const latest = bucket.latest(key);
  if (!latest || latest.deleteMarker) throw new S3Error('NoSuchKey', undefined, { details: { Key: key } });
  if (ifMatch !== '*' && ifMatch.replaceAll('"', '') !== latest.etag) {
    throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-Match' } });
  }
}
