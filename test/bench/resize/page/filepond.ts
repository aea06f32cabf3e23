// FilePond with its plugins for orientation, size and encoding; what it would upload is the result.
import { create, registerPlugin } from 'filepond';
import orientation from 'filepond-plugin-image-exif-orientation';
import imageResize from 'filepond-plugin-image-resize';
import transform from 'filepond-plugin-image-transform';
import { register } from './harness.js';

registerPlugin(orientation, imageResize, transform);

register(({ maxSide, quality, type }) => {
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const results = new Map<string, Blob>();
    const place = document.body.appendChild(document.createElement('div'));
    const pond = create(place, {
      allowMultiple: true,
      maxParallelUploads: 2,
      instantUpload: true,
      imageResizeTargetWidth: maxSide,
      imageResizeTargetHeight: maxSide,
      imageResizeMode: 'contain',
      imageResizeUpscale: false,
      imageTransformOutputQuality: quality * 100,
      imageTransformOutputMimeType: type,
      server: {
        process: (...[, file, , load]) => {
          results.set(String(results.size), file);
          load(String(results.size));
        },
      },
    });
    const done = new Promise<void>((resolve) => pond.on('processfiles', resolve));
    await pond.addFiles([...files]);
    await done;
    pond.destroy();
    return [...results.values()];
  };
  return { ready: (_, warmUp) => resize([warmUp]), resize };
});
