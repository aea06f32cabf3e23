// browser-image-compression in its worker, which loads the library from the page's server.
import compress from 'browser-image-compression';
import { register } from './harness.js';

register(({ maxSide, quality, type }) => {
  const options = {
    maxWidthOrHeight: maxSide,
    initialQuality: quality,
    fileType: type,
    useWebWorker: true,
    libURL: new URL('/browser-image-compression.umd.js', location.href).href,
  };
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const results: Blob[] = [];
    for (const file of files) results.push(await compress(file, options));
    return results;
  };
  return { ready: (_, warmUp) => resize([warmUp]), resize };
});
