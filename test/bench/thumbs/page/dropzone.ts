// Dropzone with its own thumbnails; nothing is sent.
import Dropzone from 'dropzone';
import 'dropzone/dist/dropzone.css';
import { countPictures, register } from './harness.js';

const place = document.createElement('div');
place.className = 'dropzone';
document.body.append(place);
const dropzone = new Dropzone(place, {
  url: '/',
  autoProcessQueue: false,
  maxFilesize: null,
  maxThumbnailFilesize: 100,
});

register({
  add: (files) => {
    for (const file of files) dropzone.addFile(file);
  },
  countShown: () => countPictures(place, '.dz-image img[src]'),
});
