// ListMultipartUploads: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
import type { Upload } from '../disk/read-contents.js';
import { KeyIndex } from '../disk/key-index.js';
import { bucketOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { group, text, xmlDocument } from '../http/xml.js';
import { OWNER_XML } from './buckets.js';
import { readListingQuery, walkKeys } from './listing.js';
import type { ListingQuery } from './listing.js';

type Line = { readonly key: string; readonly upload?: Upload };

export function listMultipartUploads(call: Call): Answer {
  const bucket = bucketOf(call);
  const query = readListingQuery(call, 'max-uploads');
  const keyMarker = parameter(call, 'key-marker') ?? '';
  // Without a key marker this one means nothing.
  const uploadIdMarker = keyMarker === '' ? '' : (parameter(call, 'upload-id-marker') ?? '');

  const lines = [...walkUploads([...bucket.uploads.values()], query, { keyMarker, uploadIdMarker })];
  const page = lines.slice(0, query.limit);
  const isTruncated = lines.length > page.length && query.limit > 0;
  const last = isTruncated ? page.at(-1) : undefined;
  return {
    status: 200,
    xml: xmlDocument('ListMultipartUploadsResult', [
      text('Bucket', bucket.name),
      text('KeyMarker', query.encode(keyMarker)),
      text('UploadIdMarker', uploadIdMarker),
      text('NextKeyMarker', last && query.encode(last.key)),
      text('NextUploadIdMarker', last?.upload?.fileId),
      text('Prefix', query.encode(query.prefix)),
      text('Delimiter', query.delimiter === '' ? undefined : query.encode(query.delimiter)),
      text('EncodingType', query.encodingType),
      text('MaxUploads', query.limit),
      text('IsTruncated', isTruncated),
      ...page.map((line) => describeLine(line, query)),
    ]),
  };
}

interface Start {
  readonly keyMarker: string;
  readonly uploadIdMarker: string;
}

/** By key, then by time. Unfinished uploads are few: they are sorted when somebody asks. */
function* walkUploads(uploads: readonly Upload[], query: ListingQuery, start: Start): Generator<Line> {
  const index = new KeyIndex<readonly Upload[]>();
  for (const upload of uploads.toSorted((a, b) => a.initiatedAtMs - b.initiatedAtMs)) {
    index.set(upload.key, [...(index.get(upload.key) ?? []), upload]);
  }

  const marked = start.uploadIdMarker === '' ? [] : (index.get(start.keyMarker) ?? []);
  const position = marked.findIndex((upload) => upload.fileId === start.uploadIdMarker);
  for (const upload of position < 0 ? [] : marked.slice(position + 1)) yield { key: upload.key, upload };
  for (const { key, isPrefix } of walkKeys(index, query, start.keyMarker)) {
    if (isPrefix) yield { key };
    else for (const upload of index.get(key) ?? []) yield { key, upload };
  }
}

function describeLine({ key, upload }: Line, query: ListingQuery): string {
  if (!upload) return group('CommonPrefixes', [text('Prefix', query.encode(key))]);
  return group('Upload', [
    text('Key', query.encode(key)),
    text('UploadId', upload.fileId),
    OWNER_XML.replaceAll('Owner>', 'Initiator>'),
    OWNER_XML,
    text('StorageClass', 'STANDARD'),
    text('Initiated', new Date(upload.initiatedAtMs).toISOString()),
    text('ChecksumAlgorithm', upload.checksumName?.toUpperCase()),
  ]);
}
