// Compressor.js, one picture after the other.
import Compressor from 'compressorjs';
import { register } from './harness.js';

register(({ maxSide, quality, type }) => {
  const resizeOne = (file: File): Promise<Blob> =>
    new Promise((success, error) => {
      const size = { maxWidth: maxSide, maxHeight: maxSide };
      const options = { ...size, quality, mimeType: type, convertSize: Infinity, success, error };
      void new Compressor(file, options);
    });
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const results: Blob[] = [];
    for (const file of files) results.push(await resizeOne(file));
    return results;
  };
  return { ready: (_, warmUp) => resize([warmUp]), resize };
});
