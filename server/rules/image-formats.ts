// What an image may be asked to become, the same in widget and signer.
import type { ImageFormat } from '../protocol.js';

export const IMAGE_FORMATS = [
  'auto',
  'original',
  'jpeg',
  'webp',
  'avif',
  'png',
] as const satisfies readonly ImageFormat[];
