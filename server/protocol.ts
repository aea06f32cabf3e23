// The wire: every JSON shape and error code that crosses between widget and signer. Types only.

/** What went wrong, in one word. One union for signer, widget and `b2-reject`. */
export type ErrorCode = SignerErrorCode | WidgetErrorCode;

/** Codes that the signer answers with. */
export type SignerErrorCode =
  | 'invalid-json'
  | 'invalid-request'
  | 'invalid-name'
  | 'invalid-size'
  | 'invalid-part'
  | 'file-too-small'
  | 'ticket-missing'
  | 'ticket-invalid'
  | 'ticket-expired'
  | 'grant-required'
  | 'grant-invalid'
  | 'origin-required'
  | 'origin-not-allowed'
  | 'site-disabled'
  | 'quota-exceeded'
  | 'unknown-site'
  | 'not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'not-uploaded'
  | 'parts-missing'
  | 'size-mismatch'
  | 'type-mismatch'
  | 'conflict'
  | 'upload-gone'
  | 'body-too-large'
  | 'file-too-large'
  | 'total-too-large'
  | 'unsupported-media-type'
  | 'type-not-allowed'
  | 'too-many-files'
  | 'rate-limited'
  | 'internal'
  | 'storage-error'
  | 'storage-unavailable'
  | 'shutting-down'
  | 'storage-timeout';

/** Codes that only the widget can find. */
export type WidgetErrorCode =
  | 'offline'
  | 'signer-unreachable'
  | 'file-changed'
  | 'file-missing'
  | 'file-unreadable'
  | 'folder-not-allowed'
  | 'too-few-files'
  | 'blocked-by-network'
  | 'image-too-large'
  | 'image-unreadable'
  | 'metadata-not-removed'
  | 'hook-failed'
  | 'aborted';

/** Body of every error answer: `application/problem+json` (RFC 9457). */
export interface Problem {
  readonly type: `urn:b2-uploader:problem:${SignerErrorCode}`;
  readonly title: string;
  readonly status: number;
  readonly code: SignerErrorCode;
  readonly detail: string;
  /** Path of the value at fault, such as `files[3].size`. */
  readonly field?: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  readonly requestId: string;
}

/** The outcome of one item that failed while others may have succeeded. */
export interface ItemError {
  readonly id?: string;
  readonly code: SignerErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
  readonly retryable: boolean;
  readonly retryAfterSeconds?: number;
  /** Part numbers that storage lacks, with `parts-missing`; the first 1 000. */
  readonly missing?: readonly number[];
}

/** An item of a list answer that failed. */
export interface Failed {
  readonly error: ItemError;
}

export type ImageFormat = 'auto' | 'original' | 'jpeg' | 'webp' | 'avif' | 'png';

/** How the widget prepares images for a site; null means no limit. */
export interface ImagePolicy {
  /** Pixels. */
  readonly maxWidth: number | null;
  /** Pixels. */
  readonly maxHeight: number | null;
  /** 0…1, of lossy encoders. */
  readonly quality: number;
  readonly format: ImageFormat;
  readonly metadata: 'strip' | 'keep';
  readonly renditions: readonly RenditionPolicy[];
}

export interface RenditionPolicy {
  readonly name: string;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly format?: ImageFormat;
}

/** Answer of `GET /v1/sites/{siteKey}`: what the site accepts; null means no limit. */
export interface SitePolicy {
  readonly siteKey: string;
  readonly name: string;
  /** Tokens as in `<input accept>`; empty accepts every type but active content. */
  readonly accept: readonly string[];
  readonly minSizeBytes: number | null;
  readonly maxSizeBytes: number | null;
  readonly maxTotalSizeBytes: number | null;
  readonly maxFiles: number | null;
  readonly image: ImagePolicy;
  readonly multipart: {
    readonly thresholdBytes: number;
    readonly minPartBytes: number;
    readonly maxPartBytes: number;
    readonly maxParts: number;
  };
  readonly integrity: boolean;
  readonly grantRequired: boolean;
  readonly visibility: 'public' | 'private';
}

/** One file of `POST /v1/uploads`. */
export interface FileRequest {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type; empty takes the extension's. */
  readonly type: string;
  /** Base64 of the MD5 of the whole body; signed when given. Of no use to a file in parts: each part has its own. */
  readonly md5?: string;
  readonly relativePath?: string;
  /** What an image shows; at most 1 000 characters. */
  readonly altText?: string;
  /** Makes this a rendition: index of the source in the same list, or the source's ticket. */
  readonly renditionOf?: number | string;
  /** Name of the rendition: one of the site's, or any where the site names none. */
  readonly rendition?: string;
  /** A wish in bytes; the server bounds it. */
  readonly partSizeHint?: number;
  /**
   * 22 to 64 random characters of base64url, the same for each try of one file: a call whose answer was lost is answered
   * with the same upload for 10 minutes, and counts once for limits, quota and grant.
   */
  readonly nonce?: string;
  /** Not the first try: what another process of the service began for it may be gone on with. */
  readonly repeated?: boolean;
}

/** Body of `POST /v1/uploads`; at most 100 files. */
export interface CreateUploadsRequest {
  readonly siteKey: string;
  readonly grant?: string;
  readonly files: readonly FileRequest[];
}

/** A request that the browser sends to storage exactly as given. */
export interface SignedRequest {
  readonly method: 'PUT';
  readonly url: string;
  /** Lower-case names, only ones that a browser may set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresInSeconds: number;
}

/** A planned upload: one PUT of the whole file. */
export interface PutUpload {
  readonly id: string;
  /** Opaque proof of what was agreed; binds site, key, size and type. */
  readonly ticket: string;
  readonly strategy: 'put';
  readonly request: SignedRequest;
}

/** A planned upload in parts, which may be sent in any order and at once. */
export interface MultipartUpload {
  readonly id: string;
  /** Opaque proof of what was agreed; binds site, key, size, type and part plan. */
  readonly ticket: string;
  readonly strategy: 'multipart';
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly partCount: number;
  /** The first parts' requests; may be empty: sign them. */
  readonly parts: readonly SignedPart[];
}

export interface SignedPart {
  /** From 1 up. */
  readonly partNumber: number;
  readonly request: SignedRequest;
}

/** Answer of `POST /v1/uploads`, in request order. */
export interface CreateUploadsResponse {
  readonly uploads: readonly (PutUpload | MultipartUpload | Failed)[];
}

/** A part whose request is asked for. */
export interface PartRequest {
  readonly partNumber: number;
  /** Base64 of the MD5 of the part; signed when given. */
  readonly md5?: string;
}

/** Body of `POST /v1/uploads/sign`; at most 100 parts and single PUTs together. */
export interface SignRequest {
  readonly requests: readonly {
    readonly ticket: string;
    readonly md5?: string;
    readonly parts?: readonly PartRequest[];
  }[];
}

export interface SignResponse {
  readonly results: readonly (
    | { readonly id: string; readonly request: SignedRequest }
    | { readonly id: string; readonly parts: readonly SignedPart[] }
    | Failed
  )[];
}

/** Body of `status`, `complete` and `abort`. */
export interface TicketsRequest {
  readonly tickets: readonly string[];
}

export type StoredState = 'pending' | 'partial' | 'stored' | 'gone';

export interface StoredPart {
  readonly partNumber: number;
  /** Bytes. */
  readonly size: number;
}

export interface UploadStatus {
  readonly id: string;
  readonly state: StoredState;
  /** Parts that storage holds, in order. */
  readonly parts: readonly StoredPart[];
}

export interface StatusResponse {
  readonly results: readonly (UploadStatus | Failed)[];
}

/** A file that the signer has seen in storage, with the proof of it. */
export interface CompletedFile {
  readonly id: string;
  readonly key: string;
  readonly url: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly etag: string;
  readonly versionId?: string;
  /** As it was given when the upload was planned. */
  readonly altText?: string;
  /** Name of the rendition, when it is one. */
  readonly rendition?: string;
  /** JWS that the site's backend verifies; a proof, not a key. */
  readonly receipt: string;
}

export interface CompleteResponse {
  readonly files: readonly (CompletedFile | Failed)[];
}

export interface AbortResponse {
  readonly results: readonly ({ readonly id: string } | Failed)[];
}
