// Uppy with its compressor; what it would upload is the result.
import Compressor from '@uppy/compressor';
import Uppy from '@uppy/core';
import { register } from './harness.js';

register(({ maxSide, quality, type }) => {
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const size = { maxWidth: maxSide, maxHeight: maxSide };
    const uppy = new Uppy().use(Compressor, { ...size, quality, mimeType: type, convertSize: Infinity });
    uppy.addFiles(
      files.map((file, index) => ({ name: `${index}-${file.name}`, type: file.type, data: file })),
    );
    await uppy.upload();
    return uppy.getFiles().map(({ data }) => data);
  };
  return { ready: (_, warmUp) => resize([warmUp]), resize };
});
