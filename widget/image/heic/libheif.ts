// As much of libheif's JavaScript face as is used here; the names are the library's.
// https://github.com/strukturag/libheif/tree/master/post.js

/** Something of the library's own, in its memory. */
export interface HeifHandle {
  readonly __brand?: never;
}

export interface HeifError {
  readonly code: unknown;
  readonly message: string;
}

export interface HeifChannel {
  readonly id: unknown;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
}

export interface HeifImage {
  readonly channels: readonly HeifChannel[];
}

export interface Libheif {
  readonly heif_error_code: { readonly heif_error_Ok: unknown };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  readonly heif_channel: { readonly heif_channel_interleaved: unknown };
  heif_context_alloc(): HeifHandle;
  heif_context_read_from_memory(context: HeifHandle, bytes: Uint8Array): HeifError;
  heif_js_context_get_primary_image_handle(context: HeifHandle): HeifHandle | HeifError;
  heif_image_handle_get_width(handle: HeifHandle): number;
  heif_image_handle_get_height(handle: HeifHandle): number;
  heif_image_handle_is_premultiplied_alpha(handle: HeifHandle): number;
  heif_js_decode_image2(handle: HeifHandle, colorspace: unknown, chroma: unknown): HeifImage | HeifError;
}

/** Starts the library; options are Emscripten's. */
export type MakeLibheif = (options?: object) => Libheif;
