/** 8-bit RGB, row-major, three bytes a pixel. */
export interface RawPicture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** One value a pixel, row-major. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** A rectangle in shares of a picture's width and height, 0 to 1, so that it fits the picture at any size. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The square that the model saw, in pixels of the original after its EXIF rotation; on a plain background it may extend beyond it. */
export interface Crop {
  readonly left: number
  readonly top: number
  readonly side: number
}

/** What decoding found out about a picture. Sizes are those of the original after its EXIF rotation. */
export interface PictureFacts {
  readonly format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'raw'
  readonly width: number
  readonly height: number
  /** It has more than one frame or page: the first was used, and the person is told. */
  readonly animated: boolean
  /** Parts of it are missing and show as grey or smears; the person is told. */
  readonly damaged: boolean
  readonly crop: Crop
}
