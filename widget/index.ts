// The public names of the package: the element's class, its events and types. Importing this has no side effect.
export { B2Uploader } from './element/b2-uploader.js';
export * from './element/events.js';
export { english } from './element/english.js';
export type { Facts } from './element/file-strings.js';
export type { Noun, Strings } from './element/strings.js';
export type { ValueFormat } from './element/form-value.js';
export type { FileSnapshot } from './engine/snapshot.js';
export type { Rejection } from './engine/restrictions.js';
