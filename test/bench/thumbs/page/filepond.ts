// FilePond with its plugins for previews; nothing is sent.
import { create, registerPlugin } from 'filepond';
import exifOrientation from 'filepond-plugin-image-exif-orientation';
import preview from 'filepond-plugin-image-preview';
import 'filepond/dist/filepond.min.css';
import 'filepond-plugin-image-preview/dist/filepond-plugin-image-preview.min.css';
import { countPictures, register } from './harness.js';

registerPlugin(exifOrientation, preview);
const place = document.createElement('div');
document.body.append(place);
const pond = create(place, {
  allowMultiple: true,
  maxParallelUploads: 1,
  instantUpload: false,
  imagePreviewHeight: 160,
  server: { process: () => undefined },
});

register({
  add: (files) => void pond.addFiles([...files]),
  countShown: () => countPictures(document, '.filepond--image-preview canvas'),
});
