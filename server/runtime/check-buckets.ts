// Asks every site's bucket once, after the start, so that a wrong name or key is told before the first visitor meets it.
import pMap from 'p-map';
import type { Site } from '../sites/site.js';
import { createAsker } from '../storage/ask-storage.js';

const TIMEOUT_MS = 8000;
const CONCURRENCY = 8;

/** What storage's words most often mean. */
const MEANING: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no bucket of this name',
  InvalidAccessKeyId: 'the key id is not known there',
  SignatureDoesNotMatch: 'the application key does not belong to the key id',
  AccessDenied: 'the key may not read files in this bucket; it needs readFiles and writeFiles',
};

/** @returns One line for each bucket that would refuse; empty when all are well. */
export async function checkBuckets(sites: readonly Site[], signal: AbortSignal): Promise<readonly string[]> {
  const lines = await pMap(sites, (site) => checkBucket(site, signal), { concurrency: CONCURRENCY });
  return lines.filter((line) => line !== undefined);
}

async function checkBucket({ key, storage }: Site, signal: AbortSignal): Promise<string | undefined> {
  const fault = await createAsker(storage).findFault(
    AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  );
  if (fault === undefined || signal.aborted) return undefined;
  const { name, region } = fault;
  const meaning = region === undefined ? MEANING[name] : `the bucket is in the region ${region}`;
  return `Warning: site ${key}: bucket "${storage.bucket}" at ${storage.endpoint}: ${name}${meaning ? `: ${meaning}` : ''}`;
}
