// The ports that come with the first run, where the Uploader was not given them: one of each for the whole page.
import { createHasher, type Hasher } from '../md5/hasher.js';
import { openResumeStore } from '../resume/open-resume-store.js';
import type { ResumeStore } from '../resume/resume-store.js';
import type { GivenPorts } from '../uploader-options.js';

let sharedHasher: Hasher | undefined;

/** The page's one hasher, unless another is given. */
export function hasherOf({ hasher }: Pick<GivenPorts, 'hasher'>): Hasher {
  return hasher ?? (sharedHasher ??= createHasher());
}

/** The browser's own store, unless another is given. */
export function storeOf({ resumeStore }: Pick<GivenPorts, 'resumeStore'>): ResumeStore {
  return resumeStore ?? openResumeStore();
}
