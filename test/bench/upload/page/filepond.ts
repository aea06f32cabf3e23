// FilePond with a process function of our own that asks for an address and PUTs.
import { create } from 'filepond';
import 'filepond/dist/filepond.min.css';
import { register } from './harness.js';
import { post, put } from './put.js';

register(({ signer }) => {
  const place = document.createElement('div');
  document.body.append(place);
  let uploaded = 0;
  const send = async (file: File): Promise<string> => {
    const key = `${crypto.randomUUID()}-${file.name}`;
    const { url } = await post<{ readonly url: string }>(`${signer}/peer/sign`, { key });
    await put(url, file, file.type);
    uploaded += 1;
    return key;
  };
  const pond = create(place, {
    allowMultiple: true,
    maxParallelUploads: 6,
    instantUpload: true,
    server: {
      process: (...[, file, , load, error]) => void send(file).then(load, (reason) => error(String(reason))),
    },
  });
  return {
    upload: (files) =>
      new Promise((resolve) => {
        pond.on('processfiles', () => resolve(uploaded));
        void pond.addFiles([...files]);
      }),
  };
});
