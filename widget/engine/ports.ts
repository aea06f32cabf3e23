// What the engine needs from the world around it. Interfaces only, so that tests and other hosts can supply their own.
import type { ImagePolicy, SignedRequest } from '../../server/protocol.js';

/** A file that somebody chose, with its path inside a chosen folder. */
export interface PickedFile {
  readonly file: File;
  /** Path below the chosen folder, such as `holiday/day 1/a.jpg`; the file's name otherwise. */
  readonly relativePath?: string;
  /** Chromium: opens the file again after a reload. Nothing waits for one that is still promised. */
  readonly handle?: FileSystemFileHandle | Promise<FileSystemHandle | null>;
}

/** What will be sent: the file itself, or an image made from it. */
export interface PreparedFile {
  readonly blob: Blob;
  readonly name: string;
  readonly type: string;
  /** What the file's content turned out to be, where that contradicts the type that it came with. */
  readonly contentType?: string;
  /** Pixels, when it is an image that could be measured. */
  readonly width?: number;
  readonly height?: number;
  /** Further images from the same source, in the policy's order; none that would only repeat the main one. */
  readonly renditions?: readonly PreparedRendition[];
  /** ThumbHash, base64. */
  readonly placeholder?: string;
  /** Said to the user: the image is sent as it was. */
  readonly notice?: 'original-sent';
}

/** A smaller image, or one in another format, that is stored beside the main one. */
export interface PreparedRendition {
  /** As the policy names it. */
  readonly name: string;
  readonly blob: Blob;
  readonly type: string;
  readonly width: number;
  readonly height: number;
}

/**
 * Turns a chosen file into what is sent; images are scaled down here.
 * @throws An error whose `code` is `metadata-not-removed` when the file must not be sent as it is; any other counts as `image-unreadable`.
 */
export type Prepare = (
  file: File,
  image: ImagePolicy | undefined,
  signal: AbortSignal,
) => Promise<PreparedFile>;

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
  /** Those of the body, where they are in memory already: then nothing need be read to send it. */
  readonly bytes?: ArrayBuffer | undefined;
}

/**
 * Sends one body to storage.
 * @throws {UploadError} When storage refuses it or cannot be reached.
 */
export interface Send {
  (request: SignedRequest, body: Blob, options: SendOptions): Promise<void>;
  /** It cannot tell of progress before the end; a stall is then judged later. */
  readonly isBlind?: boolean;
}

/** The platform's fetch, or one that stands in for it. */
export type Fetch = typeof fetch;

/** What a page knows and a headless engine does not. */
export interface Host {
  /** Browsers slow the timers of hidden pages down, so no stall is judged then. */
  isHidden(): boolean;
  /** Calls back when waiting may be over: the network is back, or the page is shown again. @returns What ends that. */
  onWake(listener: () => void): () => void;
}

/** Resolves after a time. @throws The signal's reason when it is aborted. */
export type Sleep = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** Milliseconds from any fixed point; never the wall clock, which users set wrong. */
export type MonotonicNow = () => number;
