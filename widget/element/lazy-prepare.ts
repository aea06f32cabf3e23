// The engine's `prepare` port for pages: the image code is loaded with the first image, other files pass untouched.
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import { isOffline } from '../engine/is-offline.js';
import type { Prepare } from '../engine/ports.js';
import { UploadError } from '../engine/upload-error.js';

let loading: Promise<Prepare> | undefined;

export const prepareLazily: Prepare = async (file, image, signal) => {
  const type = file.type || (EXTENSION_TYPES.get(extensionOf(file.name)) ?? '');
  // A photo without a telling name may carry its place too: the image code looks into such files.
  const mayBeImage = type.startsWith('image/') || type === '' || type === 'application/octet-stream';
  if (!image || !mayBeImage) return { blob: file, name: file.name, type: file.type };
  loading ??= load();
  const prepare = await loading;
  return prepare(file, image, signal);
};

async function load(): Promise<Prepare> {
  try {
    const { createPrepare } = await import('../image/prepare.js');
    return createPrepare();
  } catch (cause) {
    // A chunk that did not arrive may arrive the next time.
    loading = undefined;
    throw new UploadError(isOffline() ? 'offline' : 'signer-unreachable', 'The image code did not load.', {
      retryable: true,
      cause,
    });
  }
}
