// Carries out the lifecycle rules of all buckets, as far as the clock has come.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
import type { Bucket, ObjectVersion } from '../disk/bucket.js';
import type { LifecycleRule } from '../disk/records.js';
import type { Store } from '../disk/store.js';

const DAY_MS = 86_400_000;

/** Removes what is due: unfinished uploads, expired objects, old versions, delete markers with nothing under them. */
export async function sweepLifecycle(store: Store, now: Date): Promise<void> {
  const work = store
    .buckets()
    .flatMap((bucket) => (bucket.settings.lifecycleRules ?? []).map((rule) => ({ bucket, rule })));
  for (const { bucket, rule } of work) {
    // One rule after the other: a later one must see what an earlier one left.
    if (rule.enabled) await applyRule(bucket, rule, now.getTime());
  }
}

async function applyRule(bucket: Bucket, rule: LifecycleRule, nowMs: number): Promise<void> {
  const uploads = [...bucket.uploads.values()].filter(
    (upload) => upload.key.startsWith(rule.prefix) && !upload.isCompleting,
  );
  const staleUploads = uploads.filter((upload) => isDue(upload.initiatedAtMs, rule.abortUploadDays, nowMs));
  await Promise.all(staleUploads.map((upload) => bucket.removeUpload(upload)));

  const keys = bucket.objects.keys().filter((key) => key.startsWith(rule.prefix));
  for (const key of keys) await applyToKey(bucket, { key, rule, nowMs });
}

interface Visit {
  readonly key: string;
  readonly rule: LifecycleRule;
  readonly nowMs: number;
}

async function applyToKey(bucket: Bucket, { key, rule, nowMs }: Visit): Promise<void> {
  const versions = bucket.objects.get(key) ?? [];
  const [latest] = versions;
  if (!latest) return;
  const oldVersions = versions.filter((_, index) => isOldVersionDue(versions, index, { key, rule, nowMs }));
  await Promise.all(oldVersions.map((version) => bucket.removeVersion(version)));

  const isExpired =
    isDue(latest.modifiedAtMs, rule.expirationDays, nowMs) || nowMs >= Date.parse(rule.expirationDate ?? '');
  const isAlone = versions.length - oldVersions.length === 1;
  // A delete marker that hides nothing any more goes by either kind of expiration.
  const isLoneMarker = latest.deleteMarker && isAlone && (isExpired || rule.expireLoneDeleteMarkers === true);
  if (isLoneMarker) await bucket.removeVersion(latest);
  else if (isExpired && !latest.deleteMarker) await bucket.deleteLatest(key, nowMs);
}

/** A version is old from the moment when the next one came. */
function isOldVersionDue(versions: readonly ObjectVersion[], index: number, { rule, nowMs }: Visit): boolean {
  const successor = versions[index - 1];
  if (!successor || rule.noncurrentDays === undefined) return false;
  const isAmongKept = index <= (rule.newerNoncurrentVersions ?? 0);
  return !isAmongKept && isDue(successor.modifiedAtMs, rule.noncurrentDays, nowMs);
}

/** S3 adds the days and rounds up to the next midnight UTC. */
function isDue(sinceMs: number, days: number | undefined, nowMs: number): boolean {
  if (days === undefined) return false;
  return nowMs >= Math.ceil((sinceMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}
