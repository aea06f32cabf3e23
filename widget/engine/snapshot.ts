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
  readonly altText: string;
  readonly key: string | null;
  readonly url: string | null;
  readonly receipt: string | null;
  readonly error: UploadFailure | null;
  /** What is worth a word although nothing failed: why it waits, or `upload-gone` when storage lost it and it was started again. */
  readonly notice: ErrorCode | null;
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
  readonly notice: ErrorCode | null;
}

/** What is told of a prepared file; its bytes may be gone once it is stored. */
export type PreparedFacts = Omit<PreparedFile, 'blob'> & { readonly size: number };

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
    altText: '',
    key: stored?.key ?? null,
    url: stored?.url ?? null,
    receipt: stored?.receipt ?? null,
    error: state.status === 'failed' ? state.error : null,
    notice: state.status === 'waiting' ? state.reason : subject.notice,
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
