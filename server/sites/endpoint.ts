// Addresses of storage: what an endpoint must look like, and the region that a known host name tells.
import { isLoopbackHost } from '../origin.js';

/** Hosts that carry their region, or have one fixed region. */
const REGIONS: readonly (readonly [pattern: RegExp, region?: string])[] = [
  [/^s3\.([a-z0-9-]+)\.backblazeb2\.com$/],
  [/^s3(?:\.dualstack)?[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/],
  [/^s3\.amazonaws\.com$/, 'us-east-1'],
  [/^[a-z0-9]+(?:\.[a-z]+)?\.r2\.cloudflarestorage\.com$/, 'auto'],
  [/^s3\.([a-z0-9-]+)\.wasabisys\.com$/],
  [/^s3\.wasabisys\.com$/, 'us-east-1'],
  [/^([a-z0-9-]+)\.digitaloceanspaces\.com$/],
  [/^([a-z0-9-]+)\.linodeobjects\.com$/],
  [/^([a-z0-9-]+)\.vultrobjects\.com$/],
  [/^([a-z0-9-]+)\.your-objectstorage\.com$/],
  [/^s3\.([a-z0-9-]+)\.scw\.cloud$/],
  [/^s3\.([a-z0-9-]+)\.io\.cloud\.ovh\.(?:net|us)$/],
  [/^[a-z0-9]+\.compat\.objectstorage\.([a-z0-9-]+)\.oraclecloud\.com$/],
  [/^storage\.googleapis\.com$/, 'auto'],
  [/^(?:fly\.storage\.tigris|t3\.storage)\.dev$/, 'auto'],
];

/** The region that an endpoint's host name tells, if the provider is known. */
export function regionOf(endpoint: string): string | undefined {
  const { hostname } = new URL(endpoint);
  for (const [pattern, region] of REGIONS) {
    const match = pattern.exec(hostname);
    if (match) return region ?? match[1];
  }
  return undefined;
}

/** What is wrong with the address of an S3 API, or nothing. */
export function endpointProblem(text: string): string | undefined {
  const expected = 'expected the S3 endpoint, such as "https://s3.us-west-004.backblazeb2.com"';
  if (!/^https?:\/\//i.test(text)) return `has no scheme; ${expected}`;
  const problem = addressProblem(text);
  if (problem !== undefined) return `${problem}; ${expected}`;
  if (new URL(text).pathname !== '/') return `has a path; ${expected}; the bucket has a field of its own`;
  return undefined;
}

/** What is wrong with an address that browsers or servers shall open, or nothing; paths are fine. */
export function addressProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no address';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is no web address';
  if (url.username !== '' || url.password !== '') return 'has a user name or password in it';
  if (/[?#]/.test(text)) return 'has a query or fragment';
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return 'is not encrypted: http is for this machine only, use https';
  }
  return undefined;
}

/** An address without the slash at its end, with its scheme and host in lower case. */
export function normaliseAddress(text: string): string {
  const url = new URL(text);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** True when the host is written as an IP address, where certificates and signatures seldom work. */
export function isIpAddress(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(hostname);
}
