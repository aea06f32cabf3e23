// What an operation gets and gives: one authenticated request in, one answer out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Payload } from '../auth/authenticate.js';
import type { Bucket } from '../disk/bucket.js';
import type { Store } from '../disk/store.js';
import { S3Error } from '../s3-error.js';
import type { Target } from './request-target.js';

export interface Service {
  readonly store: Store;
  readonly credentials: { readonly keyId: string; readonly applicationKey: string };
  readonly region: string;
  readonly profile: 's3' | 'b2';
  readonly now: () => Date;
  readonly slowDown: () => boolean;
  readonly log: (line: string) => void;
}

export interface Call {
  readonly service: Service;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly payload: Payload;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly xml?: string;
  /** Sends the body once the headers are out; S3 ends such an answer with the connection when it fails half-way. */
  readonly send?: (response: ServerResponse) => Promise<void>;
}

export type Operation = (call: Call) => Answer | Promise<Answer>;

/** A request header; in a presigned URL S3 takes `x-amz-*` from the query as well. */
export function header(call: Call, name: string): string | undefined {
  const value = call.request.headers[name];
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.join(',');
  const hoisted = name.startsWith('x-amz-') ? call.target.query.get(name) : undefined;
  return hoisted === undefined ? undefined : asHeaderBytes(name, hoisted);
}

export function parameter(call: Call, name: string): string | undefined {
  return call.target.query.get(name);
}

/** @throws {S3Error} NoSuchBucket. */
export function bucketOf(call: Call): Bucket {
  const bucket = call.service.store.bucket(call.target.bucketName ?? '');
  if (!bucket)
    throw new S3Error('NoSuchBucket', undefined, { details: { BucketName: call.target.bucketName ?? '' } });
  return bucket;
}

export function keyOf(call: Call): string {
  return call.target.key ?? '';
}

/** Node hands out header values as Latin-1 bytes; a value from the query must look the same. */
function asHeaderBytes(name: string, value: string): string {
  if (/\p{Cc}/u.test(value))
    throw new S3Error('InvalidArgument', `${name} holds characters that a header cannot`);
  return Buffer.from(value).toString('latin1');
}
