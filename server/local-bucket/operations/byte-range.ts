// Which bytes of an object a GET asks for: a Range header, a part number, or all.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import type { ObjectRecord } from '../disk/records.js';
import { S3Error } from '../s3-error.js';

export interface ByteRange {
  readonly start: number;
  /** Inclusive; less than `start` when there are no bytes. */
  readonly end: number;
  readonly isPartial: boolean;
  /** Only when a part was asked for, of an object that was uploaded in parts. */
  readonly partCount?: number;
}

interface Wish {
  readonly rangeHeader: string | undefined;
  readonly partNumber: string | undefined;
}

/** @throws {S3Error} InvalidRange when none of the bytes exist. */
export function chooseRange({ rangeHeader, partNumber }: Wish, object: ObjectRecord): ByteRange {
  if (partNumber !== undefined && rangeHeader !== undefined) {
    throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  }
  if (partNumber !== undefined) return rangeOfPart(partNumber, object);
  // Several ranges, or something unreadable, get the whole object, as RFC 9110 allows.
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(rangeHeader?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === ''))
    return { start: 0, end: object.size - 1, isPartial: false };

  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(object.size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? object.size - 1 : Math.min(Number(last), object.size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first))
    return { start: 0, end: object.size - 1, isPartial: false };
  if (start >= object.size) {
    throw new S3Error('InvalidRange', undefined, {
      details: { RangeRequested: rangeHeader ?? '', ActualObjectSize: String(object.size) },
      headers: { 'content-range': `bytes */${object.size}` },
    });
  }
  return { start, end, isPartial: true };
}

function rangeOfPart(partNumber: string, object: ObjectRecord): ByteRange {
  const number = Number(partNumber);
  if (!/^\d{1,5}$/.test(partNumber) || number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const sizes = object.segments?.map((segment) => segment.size) ?? [object.size];
  const size = sizes[number - 1];
  if (size === undefined) throw new S3Error('InvalidRange', 'The requested partnumber is not satisfiable');
  const start = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return {
    start,
    end: start + size - 1,
    isPartial: size > 0,
    ...(object.segments && { partCount: sizes.length }),
  };
}
