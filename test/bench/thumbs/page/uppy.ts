// Uppy with its Dashboard, which brings its thumbnails; nothing is sent.
import Uppy from '@uppy/core';
import Dashboard from '@uppy/dashboard';
import '@uppy/core/css/style.min.css';
import '@uppy/dashboard/css/style.min.css';
import { countPictures, register } from './harness.js';

const place = document.createElement('div');
document.body.append(place);
const uppy = new Uppy();
uppy.use(Dashboard, { target: place, inline: true, height: 30_000 });

register({
  add: (files) =>
    uppy.addFiles(files.map((data, i) => ({ name: `${i}-${data.name}`, type: data.type, data }))),
  countShown: () => countPictures(place, '.uppy-Dashboard-Item-previewImg'),
});
