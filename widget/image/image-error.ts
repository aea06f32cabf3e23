// Why an image cannot be sent. The codes are the widget's; the engine shows them as the file's error.
import type { WidgetErrorCode } from '../../server/protocol.js';

export type ImageErrorCode = Extract<WidgetErrorCode, 'image-unreadable' | 'metadata-not-removed'>;

export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  constructor(code: ImageErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
