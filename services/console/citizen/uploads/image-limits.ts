/** What an image may be. Pure. */

/** Telephones take up to 16,320 × 12,240 (200 million). */
const SIDE_MAX = 20_000;
const PIXELS_MAX = 220_000_000;

export function hasTooManyPixels(width: number, height: number): boolean {
  return width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX;
}

/** Text parts of an image that a browser or server would run if it took the image for a page. */
export function hasMarkup(segment: Buffer): boolean {
  return /<(script|html|svg|iframe|body|!doctype|\?php|%)/i.test(
    segment.toString("latin1").replaceAll("\0", ""),
  );
}
