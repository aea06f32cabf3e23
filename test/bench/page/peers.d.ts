// Just as much of the peers' types as the benches use: they are installed when it runs, not with the project.
declare module '*.css';

declare module '@uppy/core' {
  interface UploadedFile {
    readonly error?: string | null;
  }
  interface UploadResult {
    readonly successful?: readonly UploadedFile[];
    readonly failed?: readonly UploadedFile[];
  }
  export default class Uppy {
    use(plugin: unknown, options: object): this;
    addFiles(files: readonly { readonly name: string; readonly type: string; readonly data: File }[]): void;
    upload(): Promise<UploadResult | undefined>;
    getFiles(): readonly { readonly data: Blob }[];
  }
}

declare module '@uppy/aws-s3' {
  const plugin: unknown;
  export default plugin;
}

declare module '@uppy/dashboard' {
  const plugin: unknown;
  export default plugin;
}

declare module 'dropzone' {
  export type DropzoneFile = File & { readonly status: string };
  export interface DropzoneOptions {
    readonly url: string | ((files: readonly DropzoneFile[]) => string);
    readonly method?: string;
    readonly binaryBody?: boolean;
    readonly parallelUploads?: number;
    readonly autoProcessQueue?: boolean;
    readonly maxThumbnailFilesize?: number;
    readonly maxFilesize: null;
    readonly timeout?: number | null;
    readonly createImageThumbnails?: boolean;
    readonly headers?: Readonly<Record<string, null>>;
    readonly accept?: (file: DropzoneFile, done: () => void) => Promise<void>;
  }
  export default class Dropzone {
    constructor(place: Element, options: DropzoneOptions);
    on(event: 'error', listener: (file: DropzoneFile, message: unknown) => void): void;
    on(event: 'success' | 'complete', listener: () => void): void;
    addFile(file: File): void;
  }
}

declare module 'filepond' {
  /** Field name, file, metadata, `load`, `error`. */
  type Process = (...given: [string, File, object, (id: string) => void, (message: string) => void]) => void;
  interface Options {
    readonly allowMultiple: boolean;
    readonly maxParallelUploads: number;
    readonly instantUpload: boolean;
    readonly server: { readonly process: Process };
    readonly imageResizeTargetWidth?: number;
    readonly imageResizeTargetHeight?: number;
    readonly imageResizeMode?: string;
    readonly imageResizeUpscale?: boolean;
    readonly imageTransformOutputQuality?: number;
    readonly imageTransformOutputMimeType?: string;
    readonly imagePreviewHeight?: number;
  }
  interface Pond {
    addFiles(files: File[]): Promise<unknown>;
    on(event: 'processfiles', listener: () => void): void;
    destroy(): void;
  }
  export function create(place: Element, options: Options): Pond;
  export function registerPlugin(...plugins: readonly unknown[]): void;
}

declare module 'pica' {
  interface Resizer {
    resize(
      from: ImageBitmap,
      to: HTMLCanvasElement,
      options: { readonly filter?: string },
    ): Promise<HTMLCanvasElement>;
    toBlob(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob>;
  }
  export default function pica(): Resizer;
}

declare module 'browser-image-compression' {
  interface Options {
    readonly maxWidthOrHeight: number;
    readonly initialQuality: number;
    readonly fileType: string;
    readonly useWebWorker: boolean;
    readonly libURL: string;
  }
  export default function compress(file: File, options: Options): Promise<File>;
}

declare module 'compressorjs' {
  interface Options {
    readonly maxWidth: number;
    readonly maxHeight: number;
    readonly quality: number;
    readonly mimeType: string;
    readonly convertSize: number;
    readonly success: (result: Blob) => void;
    readonly error: (reason: Error) => void;
  }
  const Compressor: new (file: File, options: Options) => object;
  export default Compressor;
}

declare module '@uppy/compressor' {
  const plugin: unknown;
  export default plugin;
}

declare module 'filepond-plugin-image-exif-orientation' {
  const plugin: unknown;
  export default plugin;
}

declare module 'filepond-plugin-image-resize' {
  const plugin: unknown;
  export default plugin;
}

declare module 'filepond-plugin-image-transform' {
  const plugin: unknown;
  export default plugin;
}

declare module 'filepond-plugin-image-preview' {
  const plugin: unknown;
  export default plugin;
}
