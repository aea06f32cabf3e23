// Key prefixes: what a site may write under, and that no two sites share a place.
import type { Site } from './site.js';
import type { ConfigProblem } from './config-problem.js';

/** Leaves room for date, id and extension within S3's 1 024 bytes. */
const MAX_PREFIX_CHARACTERS = 512;

/** What is wrong with a prefix, or nothing. A missing slash at the end or one too many at the start is repaired. */
export function prefixProblem(text: string): string | undefined {
  const expected = 'expected folders such as "uploads/"';
  // The signer's own objects live beside the sites' prefixes, never inside one.
  if (text === '') return `is empty; ${expected}`;
  if (text.length > MAX_PREFIX_CHARACTERS)
    return `has more than ${MAX_PREFIX_CHARACTERS} characters; ${expected}`;
  const segments = normalisePrefix(text).slice(0, -1).split('/');
  if (segments.some((segment) => segment === '')) return `has an empty folder name; ${expected}`;
  if (segments.some((segment) => /^\.+$/.test(segment))) return `has a folder of dots; ${expected}`;
  if (!segments.every((segment) => /^[\w.=-]+$/.test(segment))) {
    return `has other characters than letters, digits and "-_.=" in a folder name; ${expected}`;
  }
  if (segments[0] === '.b2-uploader') return `belongs to the signer itself; ${expected}`;
  return undefined;
}

/** The prefix as used in keys: no slash at the start, one at the end. */
export function normalisePrefix(text: string): string {
  if (text === '') return '';
  const relative = text.startsWith('/') ? text.slice(1) : text;
  return relative.endsWith('/') ? relative : `${relative}/`;
}

/** Sites that write into each other's place: one could overwrite or list what belongs to the other. */
export function overlapProblems(sites: readonly Site[]): readonly ConfigProblem[] {
  const places = sites
    .map((site) => ({ site, place: `${hostOf(site)} ${site.storage.bucket} ${site.prefix}` }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));
  const problems: ConfigProblem[] = [];
  let outer = places[0];
  for (const current of places.slice(1)) {
    if (outer && current.place.startsWith(outer.place)) problems.push(overlap(outer.site, current.site));
    else outer = current;
  }
  return problems;
}

/** A dot at the end of a host name changes nothing of where it leads. */
function hostOf({ storage }: Site): string {
  return new URL(storage.endpoint).host.replace(/\.(?=$|:)/, '');
}

function overlap(outer: Site, inner: Site): ConfigProblem {
  const where = `"${inner.prefix}" lies in "${outer.prefix}" of site ${outer.key}, same bucket`;
  return {
    path: `sites.${inner.key}.prefix`,
    message: `${where}; expected a prefix that no other site uses`,
  };
}
