// The frozen picture of one upload that leaves the engine: what events, rows and form values are made of.
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
}

/** What a snapshot is taken of. */
export interface Subject {
  readonly id: string;
  readonly picked: PickedFile;
  readonly prepared: PreparedFile | undefined;
  readonly state: UploadState;
  readonly speed: SpeedWindow;
}

export function takeSnapshot({ id, picked, prepared, state, speed }: Subject): FileSnapshot {
  const { file, relativePath } = picked;
  const size = prepared?.blob.size ?? file.size;
  const sentBytes = countSentBytes(state, size);
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
  if (state.status === 'uploading') return state.sentBytes;
  return isSent(state) ? size : 0;
}

function isSent({ status }: UploadState): boolean {
  return status === 'completing' || status === 'complete';
}
