// The attributes of <b2-uploader> as properties, and what they mean together.
import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { UploaderOptions } from '../engine/uploader.js';
import { localeOf, type Language } from './describe.js';
import { present, readOptions, type Options, type RawOptions } from './options.js';
import { zoneEnglish, type KnownStrings, type Strings } from './strings.js';

type Written = string | number | null;

export abstract class AttributesElement extends LitElement implements RawOptions {
  /** Origin that the script came from: the signing service, unless `signer` names another. */
  static scriptOrigin: string | undefined;

  static override properties: PropertyDeclarations = {
    siteKey: { attribute: 'site-key' },
    signer: {},
    name: { reflect: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, reflect: true },
    accept: { reflect: true },
    multiple: { type: Boolean, reflect: true },
    capture: {},
    directory: { type: Boolean, reflect: true },
    maxFiles: { attribute: 'max-files' },
    minFiles: { attribute: 'min-files' },
    maxSize: { attribute: 'max-size' },
    minSize: { attribute: 'min-size' },
    maxTotalSize: { attribute: 'max-total-size' },
    noAuto: { type: Boolean, attribute: 'no-auto', reflect: true },
    noResize: { type: Boolean, attribute: 'no-resize', reflect: true },
    maxWidth: { attribute: 'max-width' },
    maxHeight: { attribute: 'max-height' },
    quality: {},
    format: {},
    metadata: {},
    renditions: {},
    altText: { attribute: 'alt-text' },
    valueFormat: { attribute: 'value-format' },
    concurrency: {},
    noResume: { type: Boolean, attribute: 'no-resume', reflect: true },
    grant: { attribute: false },
    strings: { attribute: false },
  };

  /** Public key of the site. */
  declare siteKey: string;
  /** Base URL of the signing service; default: the origin of the script. */
  declare signer: string;
  /** Name of the form entries; no name, no entries. */
  declare name: string;
  /** The form needs at least one file. */
  declare required: boolean;
  /** Nothing can be chosen, dropped or removed. */
  declare disabled: boolean;
  /** Accepted types as in `<input accept>`; the same rule for dialog, drop, paste and API. */
  declare accept: string;
  /** More than one file; otherwise a new one replaces the old. */
  declare multiple: boolean;
  /** Camera to use, as in `<input capture>`. */
  declare capture: string | null;
  /** Folders may be picked and dropped; their paths are kept. */
  declare directory: boolean;
  /** Most files that are taken. */
  declare maxFiles: Written;
  /** Fewest files that the form takes. */
  declare minFiles: Written;
  /** Largest file, such as `10MB`. */
  declare maxSize: Written;
  /** Smallest file. */
  declare minSize: Written;
  /** Largest sum of all files. */
  declare maxTotalSize: Written;
  /** Nothing is sent until `start()` or the form is submitted. */
  declare noAuto: boolean;
  /** Images are sent at their own size. */
  declare noResize: boolean;
  /** Pixels; images are scaled down to fit. */
  declare maxWidth: Written;
  /** Pixels; images are scaled down to fit. */
  declare maxHeight: Written;
  /** 0…1, of lossy encoders. */
  declare quality: Written;
  /** `auto`, `original`, `jpeg`, `webp`, `avif` or `png`. */
  declare format: string;
  /** `strip` or `keep`. */
  declare metadata: string;
  /** JSON: further images made of each, such as `[{"name":"thumb","maxWidth":320,"format":"webp"}]`. */
  declare renditions: string;
  /** A description for each picture: `off`, `optional` or `required`; pictures then wait for it, or for `start()`. */
  declare altText: string;
  /** What the form submits for a file: `url`, `key`, `receipt` or `json`. */
  declare valueFormat: string;
  /** Requests to storage at once, shared by all elements of a page. */
  declare concurrency: Written;
  /** Nothing is remembered between page loads. */
  declare noResume: boolean;

  /** Signed grant of the site's backend, or a function that fetches it. */
  declare grant: UploaderOptions['grant'];
  /** Messages in place of the built-in ones. */
  declare strings: Partial<Strings>;

  #options: Options | undefined;
  /** Looked up once for each time that the element is drawn. */
  #language: Language | undefined;
  #messages: KnownStrings = zoneEnglish;
  readonly #warned = new Set<string>();

  constructor() {
    super();
    Object.assign(this, DEFAULTS);
  }

  /** Language and direction are the platform's attributes; a change of language is drawn. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  override attributeChangedCallback(name: string, previous: string | null, value: string | null): void {
    super.attributeChangedCallback(name, previous, value);
    if (name === 'lang') this.requestUpdate();
    if (value?.toLowerCase() === 'false' && isSwitch(name)) {
      this.#warn(name, value, 'no value; leave it out to switch it off');
    }
  }

  /** The attributes, understood; bad ones are left out and named in the console. */
  get options(): Options {
    const { scriptOrigin } = AttributesElement;
    this.#options ??= readOptions(this, scriptOrigin, (attribute, value, expected) =>
      this.#warn(attribute, value, expected),
    );
    return this.#options;
  }

  /** Read anew after every change of a property. */
  override requestUpdate(...change: Parameters<LitElement['requestUpdate']>): void {
    if (change[0] !== undefined) this.#options = undefined;
    super.requestUpdate(...change);
  }

  /** The same as the engine takes it. */
  get engineOptions(): UploaderOptions {
    const { signer, restrictions, image, concurrency } = this.options;
    const { siteKey, grant, noResume } = this;
    return {
      siteKey,
      signer,
      restrictions,
      image,
      autoStart: false,
      remember: !noResume,
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(grant === undefined ? {} : { grant }),
    };
  }

  /** What texts and numbers are written with. */
  get language(): Language {
    this.#language ??= { strings: this.#messages, locale: localeOf(this) };
    return this.#language;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#language = undefined;
    if (changed.has('strings')) this.#messages = { ...zoneEnglish, ...present(this.strings) };
  }

  #warn(attribute: string, value: string, expected: string): void {
    const text = `<b2-uploader ${attribute}="${value}">: expected ${expected}.`;
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    console.warn(text);
  }
}

function isSwitch(name: string): boolean {
  return Object.entries(AttributesElement.properties).some(
    ([property, { type, attribute = property }]) => type === Boolean && attribute === name,
  );
}

const DEFAULTS = {
  siteKey: '',
  signer: '',
  name: '',
  required: false,
  disabled: false,
  accept: '',
  multiple: false,
  capture: null,
  directory: false,
  maxFiles: null,
  minFiles: null,
  maxSize: null,
  minSize: null,
  maxTotalSize: null,
  noAuto: false,
  noResize: false,
  maxWidth: null,
  maxHeight: null,
  quality: null,
  format: '',
  metadata: '',
  renditions: '',
  altText: '',
  valueFormat: '',
  concurrency: null,
  noResume: false,
  strings: {},
};
