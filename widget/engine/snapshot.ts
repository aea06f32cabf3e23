// The frozen picture of one upload that leaves the engine: what events, rows and form values are made of.
import type { UploadFailure, UploadStatusName } from './upload-state.js';

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
