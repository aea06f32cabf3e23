// All English messages as one object, for pages that build their own upon them.
import { fileEnglish } from './file-strings.js';
import { zoneEnglish, type Strings } from './strings.js';

export const english: Strings = { ...zoneEnglish, ...fileEnglish };
