// PutBucketCors, GetBucketCors, DeleteBucketCors: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
import type { CorsRule } from '../disk/records.js';
import { bucketOf } from '../http/call.js';
import type { Answer, Call } from '../http/call.js';
import { receiveSmallBody } from '../http/receive-body.js';
import { group, parseXml, text, xmlDocument } from '../http/xml.js';
import type { XmlNode } from '../http/xml.js';
import { S3Error } from '../s3-error.js';
import { requireDigest } from './require-digest.js';

const MAX_CONFIGURATION_BYTES = 64 * 1024;
const MAX_RULES = 100;
const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);

export async function putBucketCors(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  requireDigest(call);
  const configuration = parseXml(await receiveSmallBody(call, MAX_CONFIGURATION_BYTES), 'CORSConfiguration');
  const rules = configuration.children('CORSRule');
  if (rules.length === 0 || rules.length > MAX_RULES) throw new S3Error('MalformedXML');
  const corsRules = rules.map(readRule);
  bucket.changeSettings({ ...bucket.settings, corsRules });
  return { status: 200 };
}

export function getBucketCors(call: Call): Answer {
  const { corsRules } = bucketOf(call).settings;
  if (!corsRules) throw new S3Error('NoSuchCORSConfiguration');
  return { status: 200, xml: xmlDocument('CORSConfiguration', corsRules.map(describeRule)) };
}

export function deleteBucketCors(call: Call): Answer {
  const bucket = bucketOf(call);
  const { corsRules: _, ...settings } = bucket.settings;
  bucket.changeSettings(settings);
  return { status: 204 };
}

function readRule(node: XmlNode): CorsRule {
  const id = node.text('ID');
  const maxAgeSeconds = node.integer('MaxAgeSeconds', 0);
  const rule = {
    allowedOrigins: node.texts('AllowedOrigin'),
    allowedMethods: node.texts('AllowedMethod'),
    allowedHeaders: node.texts('AllowedHeader'),
    exposeHeaders: node.texts('ExposeHeader'),
  };
  checkRule(rule);
  return { ...rule, ...(id !== undefined && { id }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
}

function checkRule(rule: CorsRule): void {
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) throw new S3Error('MalformedXML');
  const method = rule.allowedMethods.find((each) => !METHODS.has(each));
  if (method !== undefined) {
    throw new S3Error(
      'InvalidRequest',
      `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
    );
  }
  for (const origin of rule.allowedOrigins) checkPattern('AllowedOrigin', origin);
  for (const name of rule.allowedHeaders) checkPattern('AllowedHeader', name);
  const exposed = rule.exposeHeaders.find((name) => !/^[\w!#$%&'.^`|~+-]+$/.test(name));
  if (exposed !== undefined)
    throw new S3Error(
      'InvalidRequest',
      `ExposeHeader "${exposed}" contains wildcard or invalid characters. We currently do not support wildcard for ExposeHeader.`,
    );
}

function checkPattern(name: string, pattern: string): void {
  if (pattern === '' || /[^\x20-\x7e]/.test(pattern)) throw new S3Error('MalformedXML');
  if (pattern.split('*').length > 2)
    throw new S3Error('InvalidRequest', `${name} "${pattern}" can not have more than one wildcard.`);
}

function describeRule(rule: CorsRule): string {
  return group('CORSRule', [
    text('ID', rule.id),
    ...rule.allowedOrigins.map((origin) => text('AllowedOrigin', origin)),
    ...rule.allowedMethods.map((method) => text('AllowedMethod', method)),
    ...rule.allowedHeaders.map((name) => text('AllowedHeader', name)),
    ...rule.exposeHeaders.map((name) => text('ExposeHeader', name)),
    text('MaxAgeSeconds', rule.maxAgeSeconds),
  ]);
}
