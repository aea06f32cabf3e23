// Uppy with its S3 plugin, as its guide sets it up: headless, or with the Dashboard where the page has a place for it.
import Uppy from '@uppy/core';
import AwsS3 from '@uppy/aws-s3';
import Dashboard from '@uppy/dashboard';
import '@uppy/core/css/style.min.css';
import '@uppy/dashboard/css/style.min.css';
import type { PeerSignRequest } from '../server/other-signers.js';
import { register } from './harness.js';
import { post } from './put.js';

register(({ signer }) => {
  const uppy = new Uppy();
  const place = document.querySelector('#dashboard');
  if (place) uppy.use(Dashboard, { target: place, inline: true, disableThumbnailGenerator: true });
  uppy.use(AwsS3, {
    signRequest: (request: PeerSignRequest) => post<{ readonly url: string }>(`${signer}/peer/sign`, request),
  });
  return {
    upload: async (files) => {
      uppy.addFiles(files.map((data) => ({ name: data.name, type: data.type, data })));
      const { successful = [], failed = [] } = (await uppy.upload()) ?? {};
      if (failed.length > 0) console.error(`${failed.length} failed: ${failed[0]?.error}`);
      return successful.length;
    },
  };
});
