// The element as a page has it, by its public face only.
import type { B2Uploader } from '../../../../widget/index.js';
import { register } from './harness.js';

register(({ siteKey }) => {
  const element: B2Uploader = document.createElement('b2-uploader');
  element.setAttribute('site-key', siteKey);
  element.setAttribute('multiple', '');
  document.body.append(element);
  return {
    ready: async () => {
      await customElements.whenDefined('b2-uploader');
      await element.updateComplete;
    },
    upload: (files) =>
      new Promise((resolve) => {
        element.addEventListener('b2-complete', ({ detail: { succeeded, failed } }) => {
          const codes = [...new Set(failed.map(({ error }) => `${error?.code}: ${error?.message}`))];
          if (failed.length > 0) console.error(`${failed.length} failed: ${codes.join(', ')}`);
          resolve(succeeded.length);
        });
        element.addEventListener('b2-reject', ({ detail: { rejection } }) => {
          console.error(`rejected: ${rejection.code}`);
        });
        element.add(files);
      }),
  };
});
