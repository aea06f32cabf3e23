// What each kind of store can do, known by its host name or found out by asking once.
import { MAX_OBJECT_BYTES } from '../plan-parts.js';
import type { Provider, StorageSettings } from '../sites/site.js';
import type { Presign } from './presigner.js';

const PROBE_KEY = '.b2-uploader/conditional-put-probe';
/** Milliseconds. */
const PROBE_TIMEOUT = 5000;

export interface Capabilities {
  /** Whether `If-None-Match: *` on PUT is honoured: a second PUT to the same key answers 412. Undefined: ask the store. */
  readonly conditionalPut: boolean | undefined;
  /** Whether CompleteMultipartUpload is known to honour `If-None-Match: *`. */
  readonly conditionalComplete: boolean;
  /** Whether a signed `Content-MD5` is enforced. */
  readonly contentMd5: boolean;
  /** Largest body of a single PUT or of a part, in bytes. */
  readonly maxPutBytes: number;
  /** Largest object, in bytes. */
  readonly maxObjectBytes: number;
}

const GIB = 2 ** 30;
const TIB = 2 ** 40;
const CAPABILITIES: Readonly<Record<Provider, Capabilities>> = {
  s3: {
    conditionalPut: true,
    conditionalComplete: true,
    contentMd5: true,
    maxPutBytes: 5 * GIB,
    maxObjectBytes: MAX_OBJECT_BYTES,
  },
  b2: {
    // B2 answers 501 to If-None-Match, and its largest single body is 5 GB, decimal.
    conditionalPut: false,
    conditionalComplete: false,
    contentMd5: true,
    maxPutBytes: 5e9,
    maxObjectBytes: MAX_OBJECT_BYTES,
  },
  r2: {
    conditionalPut: true,
    conditionalComplete: true,
    contentMd5: true,
    maxPutBytes: Math.floor(4.995 * GIB),
    maxObjectBytes: Math.floor(4.995 * TIB),
  },
  generic: {
    conditionalPut: undefined,
    conditionalComplete: false,
    contentMd5: true,
    maxPutBytes: 5e9,
    maxObjectBytes: MAX_OBJECT_BYTES,
  },
};

/** The provider that a host name tells, `generic` for all others. */
export function providerOf({ provider, endpoint }: Pick<StorageSettings, 'provider' | 'endpoint'>): Provider {
  if (provider !== 'auto') return provider;
  const { hostname } = new URL(endpoint);
  if (hostname.endsWith('.backblazeb2.com')) return 'b2';
  if (hostname.endsWith('.r2.cloudflarestorage.com')) return 'r2';
  return hostname.endsWith('.amazonaws.com') ? 's3' : 'generic';
}

/** What a store can do, without asking it. */
export function capabilitiesOf(settings: Pick<StorageSettings, 'provider' | 'endpoint'>): Capabilities {
  return CAPABILITIES[providerOf(settings)];
}

/**
 * Tells whether a store honours `If-None-Match: *` on PUT. An unknown one is asked once, with a one-byte object
 * of the signer's own; while it cannot be asked, the answer is no.
 */
export function createConditionalPutProbe(
  settings: StorageSettings,
  presign: Presign,
  fetcher: typeof fetch,
): () => Promise<boolean> {
  const { conditionalPut } = capabilitiesOf(settings);
  if (conditionalPut !== undefined) return () => Promise.resolve(conditionalPut);
  let answer: Promise<boolean> | undefined;
  return () =>
    (answer ??= probe(presign, fetcher).catch(() => {
      answer = undefined;
      return false;
    }));
}

/** The object may be there from an earlier start, so a 412 to the first PUT already proves it. */
async function probe(presign: Presign, fetcher: typeof fetch): Promise<boolean> {
  const first = await putIfAbsent(presign, fetcher);
  if (first >= 500 && first !== 501) throw new Error(`The store answered ${first} to the probe.`);
  return first === 412 || (first === 200 && (await putIfAbsent(presign, fetcher)) === 412);
}

async function putIfAbsent(presign: Presign, fetcher: typeof fetch): Promise<number> {
  const headers = { 'content-type': 'text/plain', 'if-none-match': '*' };
  const url = await presign({ method: 'PUT', key: PROBE_KEY, headers, expiresInSeconds: 60 });
  const signal = AbortSignal.timeout(PROBE_TIMEOUT);
  const answer = await fetcher(url, { method: 'PUT', headers, body: 'x', signal });
  // By a clock that is wrong: the time of storage is learned soon.
  if (answer.status === 403 && (await answer.text()).includes('RequestTimeTooSkewed'))
    throw new Error('The store found the time of the probe wrong.');
  await answer.body?.cancel();
  return answer.status;
}
