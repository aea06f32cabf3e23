// The engine's `prepare` port for pages: the image code is loaded with the first image, other files pass untouched.
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import type { Prepare } from '../engine/ports.js';
import { loadLater } from '../engine/upload-runner.js';

const loadImages = loadLater(async () => (await import('../image/prepare.js')).createPrepare());

export const prepareLazily: Prepare = async (file, image, signal) => {
  const type = file.type || (EXTENSION_TYPES.get(extensionOf(file.name)) ?? '');
  // A photo without a telling name may carry its place too: the image code looks into such files.
  const mayBeImage = type.startsWith('image/') || type === '' || type === 'application/octet-stream';
  if (!image || !mayBeImage) return { blob: file, name: file.name, type: file.type };
  const prepare = await loadImages();
  return prepare(file, image, signal);
};
