// ListParts: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
import { keyOf, parameter } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { group, text, xmlDocument } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { OWNER_XML } from './buckets.js';
import { readLimit } from './listing.js';
import { uploadOf } from './multipart.js';

export function listParts(call: Call): Answer {
  const upload = uploadOf(call);
  const limit = readLimit(call, 'max-parts');
  const marker = readMarker(call);
  const rest = [...upload.parts.values()]
    .filter((part) => part.partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = rest.slice(0, limit);
  return {
    status: 200,
    xml: xmlDocument('ListPartsResult', [
      text('Bucket', call.target.bucketName),
      text('Key', keyOf(call)),
      text('UploadId', upload.fileId),
      OWNER_XML.replaceAll('Owner>', 'Initiator>'),
      OWNER_XML,
      text('StorageClass', 'STANDARD'),
      text('PartNumberMarker', marker),
      text('NextPartNumberMarker', page.at(-1)?.partNumber ?? 0),
      text('MaxParts', limit),
      text('IsTruncated', rest.length > page.length && limit > 0),
      text('ChecksumAlgorithm', upload.checksumName?.toUpperCase()),
      ...page.map((part) =>
        group('Part', [
          text('PartNumber', part.partNumber),
          text('LastModified', new Date(part.modifiedAtMs).toISOString()),
          text('ETag', `"${part.etag}"`),
          text('Size', part.size),
          part.checksum ? text(`Checksum${part.checksum.name.toUpperCase()}`, part.checksum.value) : '',
        ]),
      ),
    ]),
  };
}

function readMarker(call: Call): number {
  const marker = parameter(call, 'part-number-marker') ?? '';
  if (/^\d{0,10}$/.test(marker)) return Number(marker);
  throw new S3Error('InvalidArgument', 'Provided part-number-marker not an integer or within integer range', {
    details: { ArgumentName: 'part-number-marker', ArgumentValue: marker },
  });
}
