// The script of the snippet: <b2-uploader> defined, and nothing exported.
import { register } from './register.js';

register();
