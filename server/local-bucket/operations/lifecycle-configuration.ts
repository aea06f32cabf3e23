// Put-, Get- and DeleteBucketLifecycleConfiguration, of which every accepted rule is really carried out.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
import { randomUUID } from 'node:crypto';
import type { LifecycleRule } from '../disk/records.js';
import { bucketOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { group, parseXml, text, xmlDocument } from '../http/xml.js';
import type { XmlNode } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { requireDigest } from './require-digest.js';

const MAX_CONFIGURATION_BYTES = 512 * 1024;
const MAX_RULES = 1000;

export async function putLifecycleConfiguration(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  requireDigest(call);
  const configuration = parseXml(
    await receiveSmallBody(call, MAX_CONFIGURATION_BYTES),
    'LifecycleConfiguration',
  );
  const nodes = configuration.children('Rule');
  if (nodes.length === 0 || nodes.length > MAX_RULES) throw new S3Error('MalformedXML');
  const lifecycleRules = nodes.map(readRule);
  if (new Set(lifecycleRules.map((rule) => rule.id)).size < lifecycleRules.length) {
    throw new S3Error('InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
  }
  bucket.changeSettings({ ...bucket.settings, lifecycleRules });
  return { status: 200 };
}

export function getLifecycleConfiguration(call: Call): Answer {
  const { lifecycleRules } = bucketOf(call).settings;
  if (!lifecycleRules) throw new S3Error('NoSuchLifecycleConfiguration');
  return { status: 200, xml: xmlDocument('LifecycleConfiguration', lifecycleRules.map(describeRule)) };
}

export function deleteLifecycleConfiguration(call: Call): Answer {
  const bucket = bucketOf(call);
  const { lifecycleRules: _, ...settings } = bucket.settings;
  bucket.changeSettings(settings);
  return { status: 204 };
}

function readRule(node: XmlNode): LifecycleRule {
  const status = node.text('Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw new S3Error('MalformedXML');
  const unsupported = ['Transition', 'NoncurrentVersionTransition'].find((name) => node.has(name));
  if (unsupported !== undefined)
    throw new S3Error(
      'NotImplemented',
      `Lifecycle action ${unsupported} is not implemented: there is one storage class`,
    );

  const id = node.text('ID') || randomUUID();
  if (id.length > 255)
    throw new S3Error('InvalidArgument', 'ID length should not exceed allowed limit of 255');
  const actions = readActions(node);
  const isEmpty = Object.values(actions).every((value) => value === undefined);
  if (isEmpty) throw new S3Error('InvalidRequest', 'At least one action needs to be specified in a rule');
  return { id, enabled: status === 'Enabled', prefix: readPrefix(node), ...actions };
}

type Actions = Omit<LifecycleRule, 'id' | 'enabled' | 'prefix'>;

function readActions(node: XmlNode): Actions {
  const expiration = node.child('Expiration');
  const noncurrent = node.child('NoncurrentVersionExpiration');
  const expirationDays = expiration?.integer('Days', 1);
  const expirationDate = expiration?.text('Date');
  const abortUploadDays = node.child('AbortIncompleteMultipartUpload')?.integer('DaysAfterInitiation', 1);
  const noncurrentDays = noncurrent?.integer('NoncurrentDays', 1);
  const newerNoncurrentVersions = noncurrent?.integer('NewerNoncurrentVersions', 1);
  const expireLoneDeleteMarkers = expiration?.text('ExpiredObjectDeleteMarker') === 'true';
  const given = [expirationDays, expirationDate, expireLoneDeleteMarkers || undefined].filter(
    (value) => value !== undefined,
  );
  if (given.length > 1 || (expirationDate !== undefined && Number.isNaN(Date.parse(expirationDate))))
    throw new S3Error('MalformedXML');
  return {
    ...(expirationDays !== undefined && { expirationDays }),
    ...(expirationDate !== undefined && { expirationDate }),
    ...(expireLoneDeleteMarkers && { expireLoneDeleteMarkers }),
    ...(noncurrentDays !== undefined && { noncurrentDays }),
    ...(newerNoncurrentVersions !== undefined && { newerNoncurrentVersions }),
    ...(abortUploadDays !== undefined && { abortUploadDays }),
  };
}

/** Filters by prefix only: a rule that matched more than it says would delete what it should not. */
function readPrefix(node: XmlNode): string {
  const filter = node.child('Filter');
  if (!filter) return node.text('Prefix') ?? '';
  const unsupported = ['And', 'Tag', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'].find((name) =>
    filter.has(name),
  );
  if (unsupported !== undefined)
    throw new S3Error('NotImplemented', `Lifecycle filter ${unsupported} is not implemented`);
  return filter.text('Prefix') ?? '';
}

function describeRule(rule: LifecycleRule): string {
  const expiration = [
    text('Days', rule.expirationDays),
    text('Date', rule.expirationDate),
    text('ExpiredObjectDeleteMarker', rule.expireLoneDeleteMarkers),
  ].join('');
  const noncurrent = [
    text('NoncurrentDays', rule.noncurrentDays),
    text('NewerNoncurrentVersions', rule.newerNoncurrentVersions),
  ].join('');
  return group('Rule', [
    text('ID', rule.id),
    group('Filter', [text('Prefix', rule.prefix)]),
    text('Status', rule.enabled ? 'Enabled' : 'Disabled'),
    expiration === '' ? '' : group('Expiration', [expiration]),
    noncurrent === '' ? '' : group('NoncurrentVersionExpiration', [noncurrent]),
    rule.abortUploadDays === undefined
      ? ''
      : group('AbortIncompleteMultipartUpload', [text('DaysAfterInitiation', rule.abortUploadDays)]),
  ]);
}
