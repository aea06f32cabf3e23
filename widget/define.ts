// The main entry of the package: what it exports, and <b2-uploader> defined.
import type { B2Uploader } from './element/b2-uploader.js';
import { register } from './register.js';

export * from './index.js';

register();

declare global {
  interface HTMLElementTagNameMap {
    'b2-uploader': B2Uploader;
  }
}
