// The engine's `prepare` port for pages: the image code is loaded with the first image, other files pass untouched.
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import type { Prepare } from '../engine/ports.js';
import { UploadError } from '../engine/upload-error.js';

let loading: Promise<Prepare> | undefined;

export const prepareLazily: Prepare = async (file, image, signal) => {
  const type = file.type || (EXTENSION_TYPES.get(extensionOf(file.name)) ?? '');
  if (!image || !type.startsWith('image/')) return { blob: file, name: file.name, type: file.type };
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
    throw new UploadError('signer-unreachable', 'The image code did not load.', { retryable: true, cause });
  }
}
