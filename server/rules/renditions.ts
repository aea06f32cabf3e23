// What a rendition may be called and how many there may be, the same in widget and signer.

/** Part of an object's key and of a receipt's `sub`. */
export const RENDITION_NAME = /^[a-z0-9-]{1,32}$/;
/** Of one image. */
export const MAX_RENDITIONS = 10;
