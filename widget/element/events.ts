// The events of <b2-uploader>: typed, bubbling, composed.
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';

export interface FileDetail {
  readonly file: FileSnapshot;
}

abstract class UploaderEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail, cancelable = false) {
    super(type, { detail, bubbles: true, composed: true, cancelable });
  }
}

/** A file passed every rule and is about to be listed; `preventDefault()` leaves it out. */
export class UploadAddEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-add', { file }, true);
  }
}

/** A file was refused; `detail.rejection` says why. */
export class UploadRejectEvent extends UploaderEvent<{ readonly rejection: Rejection }> {
  constructor(rejection: Rejection) {
    super('b2-reject', { rejection });
  }
}

/** A file is about to be sent; `preventDefault()` leaves it waiting. */
export class UploadStartEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-start', { file }, true);
  }
}

/** More bytes of a file were sent. */
export class UploadProgressEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-progress', { file });
  }
}

/** A file is stored, seen there by the signer. */
export class UploadSuccessEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-success', { file });
  }
}

/** A file failed; `detail.file.error` says why and whether a retry can help. */
export class UploadErrorEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-error', { file });
  }
}

/** A file left the list. */
export class UploadRemoveEvent extends UploaderEvent<FileDetail> {
  constructor(file: FileSnapshot) {
    super('b2-remove', { file });
  }
}

export interface CompleteDetail {
  readonly succeeded: readonly FileSnapshot[];
  readonly failed: readonly FileSnapshot[];
}

/** Nothing is left to do. */
export class UploadCompleteEvent extends UploaderEvent<CompleteDetail> {
  constructor(detail: CompleteDetail) {
    super('b2-complete', detail);
  }
}

export interface UploaderEventMap {
  'b2-add': UploadAddEvent;
  'b2-reject': UploadRejectEvent;
  'b2-start': UploadStartEvent;
  'b2-progress': UploadProgressEvent;
  'b2-success': UploadSuccessEvent;
  'b2-error': UploadErrorEvent;
  'b2-remove': UploadRemoveEvent;
  'b2-complete': UploadCompleteEvent;
}

declare global {
  interface HTMLElementEventMap extends UploaderEventMap {}
}
