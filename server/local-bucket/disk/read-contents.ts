// Rebuilds a bucket from its blob files: which objects, uploads and parts there are, and which files nobody needs.
//
// Read synchronously before the server listens: 100 000 small objects take about two seconds.
import type { BlobStore } from './blob-store.js';
import type { BlobRecord, ObjectRecord, PartRecord, Stored, UploadRecord } from './records.js';

/** An unfinished multipart upload; its id is its record's file name. */
export interface Upload extends Stored<UploadRecord> {
  readonly parts: Map<number, Stored<PartRecord>>;
  /** Set while one request assembles it: no other may, and no part is taken any more. */
  isCompleting?: boolean;
}

export interface BucketContents {
  readonly objects: ReadonlyMap<string, readonly Stored<ObjectRecord>[]>;
  readonly uploads: readonly Upload[];
  readonly lastSequence: number;
  readonly leftoverFileIds: readonly string[];
}

export function readContents(blobs: BlobStore): BucketContents {
  const leftoverFileIds: string[] = [];
  const records: Stored<BlobRecord>[] = [...blobs.scan((fileId) => leftoverFileIds.push(fileId))];

  const fileIds = new Set(records.map((record) => record.fileId));
  const objects = new Map<string, Stored<ObjectRecord>[]>();
  for (const record of records) {
    if (record.kind !== 'object') continue;
    const isWhole = (record.segments ?? []).every((segment) => fileIds.has(segment.fileId));
    if (!isWhole) leftoverFileIds.push(record.fileId);
    else objects.set(record.key, [...(objects.get(record.key) ?? []), record]);
  }
  for (const [key, versions] of objects) objects.set(key, newestFirst(versions, leftoverFileIds));

  const uploads = collectUploads(records, objects, leftoverFileIds);
  const lastSequence = records.reduce(
    (last, record) => Math.max(last, 'sequence' in record ? record.sequence : 0),
    0,
  );
  return { objects, uploads, lastSequence, leftoverFileIds };
}

/** Of several unversioned records, left by a crash between writing the new one and removing the old, the newest counts. */
function newestFirst(versions: Stored<ObjectRecord>[], leftoverFileIds: string[]): Stored<ObjectRecord>[] {
  versions.sort((a, b) => b.sequence - a.sequence);
  const newestNull = versions.find((version) => version.versionId === 'null');
  return versions.filter((version) => {
    const isKept = version.versionId !== 'null' || version === newestNull;
    if (!isKept) leftoverFileIds.push(version.fileId);
    return isKept;
  });
}

function collectUploads(
  records: readonly Stored<BlobRecord>[],
  objects: BucketContents['objects'],
  leftoverFileIds: string[],
): Upload[] {
  const versions = [...objects.values()].flat();
  const finishedIds = new Set(versions.map((version) => version.uploadId));
  const segmentIds = new Set(
    versions.flatMap((version) => version.segments ?? []).map((segment) => segment.fileId),
  );

  const uploads = new Map<string, Upload>();
  for (const record of records) {
    if (record.kind !== 'upload') continue;
    if (finishedIds.has(record.fileId)) leftoverFileIds.push(record.fileId);
    else uploads.set(record.fileId, { ...record, parts: new Map() });
  }

  const parts = records
    .filter((record) => record.kind === 'part')
    .filter((part) => !segmentIds.has(part.fileId));
  for (const part of parts.sort((a, b) => a.sequence - b.sequence)) {
    const siblings = uploads.get(part.uploadId)?.parts;
    const replaced = siblings?.get(part.partNumber);
    if (replaced) leftoverFileIds.push(replaced.fileId);
    if (siblings) siblings.set(part.partNumber, part);
    else leftoverFileIds.push(part.fileId);
  }
  return [...uploads.values()];
}
