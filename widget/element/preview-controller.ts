// Thumbnails of rows in view: object URLs are made when a row is seen and revoked when it goes.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FileSnapshot } from '../engine/snapshot.js';

// Pictures that every current browser can show. SVG is left out: it is a document, not a picture.
const SHOWABLE = /^image\/(jpe?g|pjpeg|png|apng|gif|webp|avif|bmp|x-icon)$/;

export interface PreviewSource {
  /** The local file of an upload, while it is listed. */
  source(id: string): File | undefined;
}

export class PreviewController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #source: PreviewSource;
  readonly #urls = new Map<string, string>();
  readonly #broken = new Set<string>();
  #observer: IntersectionObserver | undefined;
  #seen = new WeakSet<Element>();
  #version = 0;
  #shown: { files: readonly FileSnapshot[]; version: number; list: readonly FileSnapshot[] } | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, source: PreviewSource) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
    // Let go of when its file leaves the list, however it left.
    host.addEventListener('b2-remove', ({ detail }) => this.forget(detail.file.id));
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#seen = new WeakSet();
    for (const id of this.#urls.keys()) this.forget(id);
  }

  hostConnected(): void {
    // Rows that were taken out and put back are looked at anew.
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    const rows = this.#host.shadowRoot?.querySelectorAll('li[data-id]') ?? [];
    if (rows.length === 0) return;
    this.#observer ??= new IntersectionObserver((entries) => this.#show(entries), { rootMargin: '200px' });
    for (const row of rows) {
      if (this.#seen.has(row)) continue;
      this.#seen.add(row);
      this.#observer.observe(row);
    }
  }

  /** Object URL of a thumbnail, or null when there is none (yet). */
  urlOf(id: string): string | null {
    return this.#urls.get(id) ?? null;
  }

  /** The snapshots with their thumbnails, as the page sees them; the same array until something changes. */
  addTo(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
    if (this.#urls.size === 0) return files;
    if (this.#shown?.files !== files || this.#shown.version !== this.#version) {
      const list = files.map((file) =>
        this.#urls.has(file.id) ? Object.freeze({ ...file, previewUrl: this.urlOf(file.id) }) : file,
      );
      this.#shown = { files, version: this.#version, list: Object.freeze(list) };
    }
    return this.#shown.list;
  }

  forget(id: string): void {
    const url = this.#urls.get(id);
    if (url) URL.revokeObjectURL(url);
    this.#version += 1;
    this.#urls.delete(id);
    this.#broken.delete(id);
  }

  /** The browser could not show it: the row falls back to its tile. */
  readonly showTile = (event: Event): void => {
    const id = idOf(event.target);
    if (id === '') return;
    this.forget(id);
    this.#broken.add(id);
    this.#host.requestUpdate();
  };

  #show(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.#observer?.unobserve(target);
      this.#create(idOf(target));
    }
  }

  #create(id: string): void {
    const file = this.#source.source(id);
    if (!file || !SHOWABLE.test(file.type) || this.#urls.has(id) || this.#broken.has(id)) return;
    this.#urls.set(id, URL.createObjectURL(file));
    this.#version += 1;
    this.#host.requestUpdate();
  }
}

function idOf(node: EventTarget | null): string {
  return (node instanceof Element && node.closest<HTMLElement>('[data-id]')?.dataset['id']) || '';
}
