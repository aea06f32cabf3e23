// "Did you mean …?": finds the known name that a mistyped one was meant to be.
import { distance } from 'fastest-levenshtein';

/** What other tools call the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  accesskey: 'keyId',
  accesskeyid: 'keyId',
  secretkey: 'applicationKey',
  secretaccesskey: 'applicationKey',
  types: 'accept',
  mimetypes: 'accept',
  folder: 'prefix',
};

/**
 * Finds the known name closest to a mistyped one.
 * @returns `undefined` when nothing is close enough to be helpful.
 */
export function suggest(name: string, known: readonly string[]): string | undefined {
  const plain = simplify(name);
  const other = OTHER_NAMES[plain];
  if (other !== undefined && known.includes(other)) return other;
  const [best] = known
    .map((candidate) => ({ candidate, cost: costOf(plain, simplify(candidate)) }))
    .sort((a, b) => a.cost - b.cost);
  return best && best.cost <= Math.ceil(plain.length / 3) ? best.candidate : undefined;
}

/** `allowed_origin` and `allowedOrigins` are the same wish. */
function simplify(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function costOf(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const stem = short.replace(/s$/, '');
  return stem.length >= 4 && long.includes(stem) ? 1 : distance(a, b);
}
