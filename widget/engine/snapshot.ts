// The frozen picture of one upload that leaves the engine: what events, rows and form values are made of.
import type { ErrorCode } from '../../server/protocol.js';
import type { PickedFile, PreparedFile } from './ports.js';
import { bytesPerSecond, secondsLeft, type SpeedWindow } from './speed.js';
import type { UploadFailure, UploadState, UploadStatusName } from './upload-state.js';

export interface FileSnapshot {
  readonly id: string;
  readonly name: string;
  readonly relativePath: string;
  /** Bytes that are or will be sent. */
  readonly size: number;
  readonly type: string;
  /** Bytes of the file as chosen. */
  readonly originalSize: number;
  /** Pixels; null until known or when it is not an image. */
  readonly width: number | null;
  readonly height: number | null;
  readonly status: UploadStatusName;
  /** 0…1 */
  readonly progress: number;
  readonly sentBytes: number;
  /** Null until it can be told. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Object URL of a thumbnail; the element sets it, the engine leaves null. */
  readonly previewUrl: string | null;
  /** What the image shows, in words; empty for none. */
  readonly altText: string;
  /** The text was signed with the upload and stays as it is. */
  readonly isAltTextFixed: boolean;
  /** ThumbHash of the image, base64; null until known. */
  readonly placeholder: string | null;
  readonly key: string | null;
  readonly url: string | null;
  readonly receipt: string | null;
  /** Further images of this file, once they are stored. */
  readonly renditions: readonly StoredRendition[];
  /** For `<img srcset>`: the image and its renditions by width; empty until stored, or when there are none. */
  readonly srcset: string;
  readonly error: UploadFailure | null;
  /** What is worth a word although nothing failed: why it waits, or `upload-gone` when storage lost it and it was started again. */
  readonly notice: Notice | null;
}

/** `original-sent`: the image is sent as it was, because it could not be made smaller. */
export type Notice = ErrorCode | 'original-sent';

/** A rendition as the signer saw it in storage. */
export interface StoredRendition {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly receipt: string;
}

/** What a snapshot is taken of. */
export interface Subject {
  readonly id: string;
  readonly picked: PickedFile;
  readonly prepared: PreparedFacts | undefined;
  readonly state: UploadState;
  readonly speed: SpeedWindow;
  /** Bytes that storage is known to hold from an earlier run. */
  readonly storedBytes: number;
  readonly notice: Notice | null;
  /** As set by the user. */
  readonly altText?: string | undefined;
  readonly isAltTextFixed: boolean;
}

/** What is told of a prepared file; its bytes may be gone once it is stored. */
export type PreparedFacts = Omit<PreparedFile, 'blob' | 'renditions'> & {
  readonly size: number;
  /** Once they are stored. */
  readonly gallery?: Pick<FileSnapshot, 'renditions' | 'srcset'>;
};

export function takeSnapshot(subject: Subject): FileSnapshot {
  const { id, picked, prepared, state, speed } = subject;
  const { file, relativePath } = picked;
  const size = prepared?.size ?? file.size;
  const sentBytes = Math.max(countSentBytes(state, size), subject.storedBytes);
  const rate = state.status === 'uploading' ? bytesPerSecond(speed) : null;
  const stored = state.status === 'complete' ? state.file : undefined;
  return Object.freeze({
    id,
    name: prepared?.name ?? file.name,
    relativePath: relativePath ?? file.name,
    size,
    type: prepared?.type ?? file.type,
    originalSize: file.size,
    width: prepared?.width ?? null,
    height: prepared?.height ?? null,
    status: state.status,
    progress: isSent(state) ? 1 : size && sentBytes / size,
    sentBytes,
    bytesPerSecond: rate,
    secondsLeft: secondsLeft(size - sentBytes, rate),
    previewUrl: null,
    altText: subject.altText ?? '',
    isAltTextFixed: subject.isAltTextFixed,
    placeholder: prepared?.placeholder ?? null,
    key: stored?.key ?? null,
    url: stored?.url ?? null,
    receipt: stored?.receipt ?? null,
    renditions: prepared?.gallery?.renditions ?? [],
    srcset: prepared?.gallery?.srcset ?? '',
    error: state.status === 'failed' ? state.error : null,
    notice: state.status === 'waiting' ? state.reason : (subject.notice ?? prepared?.notice ?? null),
  });
}

/** @returns 0…1 of all bytes; files that failed do not count. */
export function totalProgress(files: readonly FileSnapshot[]): number {
  const counted = files.filter(({ status }) => status !== 'failed');
  // An empty file weighs a byte, so that it counts at all.
  const weigh = ({ size }: FileSnapshot) => Math.max(1, size);
  const total = counted.reduce((sum, file) => sum + weigh(file), 0);
  return total && counted.reduce((sum, file) => sum + weigh(file) * file.progress, 0) / total;
}

function countSentBytes(state: UploadState, size: number): number {
  if (state.status === 'waiting') return countSentBytes(state.during, size);
  if (state.status === 'uploading' || state.status === 'paused') return state.sentBytes;
  return isSent(state) ? size : 0;
}

function isSent({ status }: UploadState): boolean {
  return status === 'completing' || status === 'complete';
}
