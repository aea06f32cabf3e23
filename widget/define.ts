// The main entry of the package: what it exports, and <b2-uploader> defined.
import './register.js';

export * from './index.js';
