// A signer and its bucket in memory, as far as the engine can see them: plans, requests, what is stored, receipts.
import type {
  CompletedFile,
  CreateUploadsResponse,
  Failed,
  FileRequest,
  PartRequest,
  Problem,
  PutUpload,
  SignedPart,
  SignResponse,
  SitePolicy,
  UploadStatus,
} from '../../../server/protocol.js';
import { TEST_POLICY } from '../../support/test-policy.js';

export const POLICY: SitePolicy = {
  ...TEST_POLICY,
  image: { ...TEST_POLICY.image, format: 'auto', metadata: 'strip' },
  multipart: { thresholdBytes: 1000, minPartBytes: 1, maxPartBytes: 1000, maxParts: 10 },
  integrity: false,
  visibility: 'private',
};

export class FakeSigner {
  policy: SitePolicy = POLICY;
  /** Bytes of each part of files above the threshold. */
  partSize = 100;
  bucketOrigin = 'https://bucket.test';
  /** Ids of the uploads whose object is in the bucket. */
  readonly stored = new Set<string>();
  /** Parts that the bucket holds, by upload id. */
  readonly parts = new Map<string, Map<number, number>>();
  /** Multipart uploads that the bucket has lost. */
  readonly gone = new Set<string>();
  /** Uploads that were given up, as the signer was told. */
  readonly aborted = new Set<string>();
  /** What was planned, by upload id. */
  readonly planned = new Map<string, FileRequest>();
  readonly #partSizes = new Map<string, number>();

  readonly #byNonce = new Map<string, CreateUploadsResponse['uploads'][number]>();

  /** A file that is asked for again is the same upload. */
  plan(file: FileRequest): CreateUploadsResponse['uploads'][number] {
    const { nonce = `none ${this.planned.size}` } = file;
    const planned = this.#byNonce.get(nonce) ?? this.#planAnew(file);
    this.#byNonce.set(nonce, planned);
    return planned;
  }

  #planAnew(file: FileRequest): CreateUploadsResponse['uploads'][number] {
    const id = `id${this.planned.size + 1}`;
    this.planned.set(id, file);
    const ticket = `ticket-${id}`;
    if (!this.isMultipart(id)) return { id, ticket, strategy: 'put', request: this.request(id, 'first') };
    const { partSize } = this;
    this.#partSizes.set(id, partSize);
    const partCount = Math.ceil(file.size / partSize);
    return { id, ticket, strategy: 'multipart', partSize, partCount, parts: [] };
  }

  isMultipart(id: string): boolean {
    return (this.planned.get(id)?.size ?? 0) > this.policy.multipart.thresholdBytes;
  }

  /** Begun in parts, and neither put together nor given up. */
  get openMultiparts(): readonly string[] {
    const isOpen = (id: string) =>
      this.isMultipart(id) && ![this.stored, this.gone, this.aborted].some((ids) => ids.has(id));
    return [...this.planned.keys()].filter(isOpen);
  }

  request(id: string, signature: string): PutUpload['request'] {
    const url = `${this.bucketOrigin}/${id}?signature=${signature}`;
    return { method: 'PUT', url, headers: { 'content-type': 'text/plain' }, expiresInSeconds: 900 };
  }

  partRequest(id: string, partNumber: number): SignedPart {
    const url = `${this.bucketOrigin}/${id}?partNumber=${partNumber}&signature=fresh`;
    return { partNumber, request: { method: 'PUT', url, headers: {}, expiresInSeconds: 900 } };
  }

  /** What the bucket does with a body. */
  store(url: string, size: number): void {
    const id = idOf(url);
    const partNumber = partOf(url);
    if (partNumber === 0) this.stored.add(id);
    else this.parts.set(id, new Map(this.parts.get(id)).set(partNumber, size));
  }

  /** Whether the bucket still takes parts of an upload. */
  takesParts(id: string): boolean {
    return !this.stored.has(id) && !this.gone.has(id) && !this.aborted.has(id);
  }

  sign(ticket: string, parts: readonly PartRequest[] | undefined): SignResponse['results'][number] {
    const id = idOfTicket(ticket);
    if (this.stored.has(id)) return { error: problem('conflict') };
    if (this.gone.has(id) || this.aborted.has(id)) return { error: problem('upload-gone') };
    if (!parts) return { id, request: this.request(id, 'fresh') };
    return { id, parts: parts.map(({ partNumber }) => this.partRequest(id, partNumber)) };
  }

  statusOf(ticket: string): UploadStatus {
    const id = idOfTicket(ticket);
    if (this.stored.has(id)) return { id, state: 'stored', parts: [] };
    if (this.gone.has(id) || (this.aborted.has(id) && this.isMultipart(id)))
      return { id, state: 'gone', parts: [] };
    const parts = [...(this.parts.get(id) ?? [])].map(([partNumber, size]) => ({ partNumber, size }));
    const inOrder = parts.toSorted((a, b) => a.partNumber - b.partNumber);
    return { id, state: parts.length > 0 ? 'partial' : 'pending', parts: inOrder };
  }

  completed(ticket: string): CompletedFile | Failed {
    const id = idOfTicket(ticket);
    const { name = '', size = 0, type = '', altText } = this.planned.get(id) ?? {};
    if (!this.stored.has(id)) {
      if (!this.isMultipart(id)) return { error: problem('not-uploaded', { retryable: true }) };
      if (!this.takesParts(id)) return { error: problem('upload-gone') };
      const missing = this.#missing(id, size);
      if (missing.length > 0) return { error: { ...problem('parts-missing', { retryable: true }), missing } };
      this.stored.add(id);
    }
    const key = `k/${id}`;
    const url = `https://files.test/${id}`;
    const described = altText === undefined ? {} : { altText };
    return { id, key, url, name, size, type, etag: '"e"', ...described, receipt: `r-${id}` };
  }

  abort(ticket: string): { readonly id: string } | Failed {
    const id = idOfTicket(ticket);
    if (this.stored.has(id)) return { error: problem('conflict') };
    this.aborted.add(id);
    return { id };
  }

  /** Parts that are not there with their agreed size. */
  #missing(id: string, size: number): readonly number[] {
    const partSize = this.#partSizes.get(id) ?? this.partSize;
    const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
    const bytesOf = (number: number) => Math.min(partSize, size - (number - 1) * partSize);
    return numbers.filter((number) => this.parts.get(id)?.get(number) !== bytesOf(number));
  }
}

export function problem(code: Problem['code'], more: Partial<Problem> = {}): Problem {
  return {
    type: `urn:b2-uploader:problem:${code}`,
    title: code,
    status: 400,
    code,
    detail: `detail of ${code}`,
    retryable: false,
    requestId: 'r',
    ...more,
  };
}

export function idOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** The part that a request is for; 0 for a single PUT. */
export function partOf(url: string): number {
  return Number(new URL(url).searchParams.get('partNumber'));
}

function idOfTicket(ticket: string): string {
  return ticket.slice('ticket-'.length);
}
