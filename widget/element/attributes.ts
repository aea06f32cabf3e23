// The attributes of <b2-uploader> as properties, and what they mean together.
import { LitElement, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import type { UploaderOptions } from '../engine/uploader.js';
import { localeOf, type Language } from './describe.js';
import { readOptions, type Options, type RawOptions } from './options.js';
import { english, type Strings } from './strings.js';

type Written = string | number | null;

export abstract class AttributesElement extends LitElement implements RawOptions {
  /** Origin that the script came from: the signing service, unless `signer` names another. */
  static scriptOrigin: string | undefined;

  /** Public key of the site. */
  @property({ attribute: 'site-key' }) siteKey = '';
  /** Base URL of the signing service; default: the origin of the script. */
  @property() signer = '';
  /** Name of the form entries; no name, no entries. */
  @property({ reflect: true }) name = '';
  /** The form needs at least one file. */
  @property({ type: Boolean, reflect: true }) required = false;
  /** Nothing can be chosen, dropped or removed. */
  @property({ type: Boolean, reflect: true }) disabled = false;
  /** Accepted types as in `<input accept>`; the same rule for dialog, drop, paste and API. */
  @property({ reflect: true }) accept = '';
  /** More than one file; otherwise a new one replaces the old. */
  @property({ type: Boolean, reflect: true }) multiple = false;
  /** Camera to use, as in `<input capture>`. */
  @property() capture: string | null = null;
  /** Folders may be picked and dropped; their paths are kept. */
  @property({ type: Boolean, reflect: true }) directory = false;
  /** Most files that are taken. */
  @property({ attribute: 'max-files' }) maxFiles: Written = null;
  /** Fewest files that the form takes. */
  @property({ attribute: 'min-files' }) minFiles: Written = null;
  /** Largest file, such as `10MB`. */
  @property({ attribute: 'max-size' }) maxSize: Written = null;
  /** Smallest file. */
  @property({ attribute: 'min-size' }) minSize: Written = null;
  /** Largest sum of all files. */
  @property({ attribute: 'max-total-size' }) maxTotalSize: Written = null;
  /** Nothing is sent until `start()` or the form is submitted. */
  @property({ type: Boolean, attribute: 'no-auto', reflect: true }) noAuto = false;
  /** Images are sent at their own size. */
  @property({ type: Boolean, attribute: 'no-resize', reflect: true }) noResize = false;
  /** Pixels; images are scaled down to fit. */
  @property({ attribute: 'max-width' }) maxWidth: Written = null;
  /** Pixels; images are scaled down to fit. */
  @property({ attribute: 'max-height' }) maxHeight: Written = null;
  /** 0…1, of lossy encoders. */
  @property() quality: Written = null;
  /** `auto`, `original`, `jpeg`, `webp`, `avif` or `png`. */
  @property() format = '';
  /** `strip` or `keep`. */
  @property() metadata = '';
  /** What the form submits for a file: `url`, `key`, `receipt` or `json`. */
  @property({ attribute: 'value-format' }) valueFormat = '';
  /** Requests to storage at once, shared by all elements of a page. */
  @property() concurrency: Written = null;

  /** Signed grant of the site's backend, or a function that fetches it. */
  @property({ attribute: false }) grant: UploaderOptions['grant'];
  /** Messages in place of the built-in ones. */
  @property({ attribute: false }) strings: Partial<Strings> = {};

  #messages: Strings = english;
  readonly #warned = new Set<string>();

  /** Language and direction are the platform's attributes; a change of language is drawn. */
  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  override attributeChangedCallback(name: string, previous: string | null, value: string | null): void {
    super.attributeChangedCallback(name, previous, value);
    if (name === 'lang') this.requestUpdate();
    if (value?.toLowerCase() === 'false' && BOOLEANS.has(name)) {
      this.#warn(name, value, 'no value at all; leave the attribute out to switch it off');
    }
  }

  /** The attributes, understood; bad ones are left out and named in the console. */
  get options(): Options {
    const { scriptOrigin } = AttributesElement;
    return readOptions(this, scriptOrigin, (attribute, value, expected) =>
      this.#warn(attribute, value, expected),
    );
  }

  /** The same as the engine takes it. */
  get engineOptions(): UploaderOptions {
    const { signer, restrictions, image, concurrency } = this.options;
    const { siteKey, grant } = this;
    return {
      siteKey,
      signer,
      restrictions,
      image,
      autoStart: false,
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(grant === undefined ? {} : { grant }),
    };
  }

  /** What texts and numbers are written with. */
  get language(): Language {
    return { strings: this.#messages, locale: localeOf(this) };
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('strings')) this.#messages = { ...english, ...this.strings };
  }

  #warn(attribute: string, value: string, expected: string): void {
    const text = `<b2-uploader ${attribute}="${value}">: expected ${expected}.`;
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    console.warn(text);
  }
}

const BOOLEANS = new Set(['required', 'disabled', 'multiple', 'directory', 'no-auto', 'no-resize']);
