// The element as a page has it; nothing is sent.
import type { B2Uploader } from '../../../../widget/index.js';
import { countPictures, register } from './harness.js';

const element: B2Uploader = document.createElement('b2-uploader');
for (const name of ['multiple', 'no-auto', 'no-resume']) element.setAttribute(name, '');
element.setAttribute('site-key', 'pk_bench');
document.body.append(element);

register({
  ready: async () => {
    await customElements.whenDefined('b2-uploader');
    await element.loadPolicy();
    // As when somebody comes near, and half a second later opens the dialog.
    element.dispatchEvent(new PointerEvent('pointerenter'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    element.click();
  },
  add: (files) => element.add(files),
  countShown: () => (element.shadowRoot ? countPictures(element.shadowRoot, '.preview img') : 0),
});
