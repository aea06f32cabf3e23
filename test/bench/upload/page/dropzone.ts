// Dropzone with presigned PUTs: the address is asked for before a file may queue.
import Dropzone, { type DropzoneFile } from 'dropzone';
import 'dropzone/dist/dropzone.css';
import { register } from './harness.js';
import { post } from './put.js';

register(({ signer }) => {
  const place = document.createElement('div');
  place.className = 'dropzone';
  document.body.append(place);
  const urls = new Map<DropzoneFile, string>();
  const dropzone = new Dropzone(place, {
    url: ([file]) => (file && urls.get(file)) ?? '',
    method: 'PUT',
    binaryBody: true,
    parallelUploads: 6,
    maxFilesize: null,
    timeout: null,
    createImageThumbnails: false,
    headers: { 'Cache-Control': null, 'X-Requested-With': null, Accept: null },
    accept: async (file, done) => {
      const key = `${crypto.randomUUID()}-${file.name}`;
      const { url } = await post<{ readonly url: string }>(`${signer}/peer/sign`, { key });
      urls.set(file, url);
      done();
    },
  });
  return {
    upload: (files) =>
      new Promise((resolve) => {
        let uploaded = 0;
        let left = files.length;
        dropzone.on('error', (_, message) => console.error(String(message)));
        dropzone.on('success', () => (uploaded += 1));
        dropzone.on('complete', () => {
          left -= 1;
          if (left === 0) resolve(uploaded);
        });
        for (const file of files) dropzone.addFile(file);
      }),
  };
});
