import type { Box } from '../../core/geometry.js';
import { planesToRgb, type SplitPlanes, type YuvPicture } from '../../core/yuv.js';
import { takeInput } from './inputMemory.js';
import type { Picture, PixelRect, Pixels } from './picture.js';
import { resizePlane } from './resizePlane.js';

/** A picture fitted into a network's input, and how to get back. */
export interface Letterboxed {
  /** height * width * 3 of the input, row-major, R G B; the border is gray. From `inputMemory`. */
  data: Uint8Array;
  width: number;
  height: number;
  /** Where the picture lies in the input, input pixels. */
  content: PixelRect;
  /** The part of the picture that was taken. */
  source: PixelRect;
  picture: Pick<Picture, 'width' | 'height'>;
}

export interface LetterboxOptions {
  /** Input size, pixels. */
  width: number;
  height: number;
  /** Part of the picture to take, fractions; all of it where absent. */
  region?: Box;
  /** Mirrors left and right. */
  flip?: boolean;
}

const GRAY = 114;

/**
 * Scales a picture, or a part of it, into the input of a network, keeping its proportions. Reductions by 2 and more are
 * averaged by whole factors first, so that thin things do not fall between the samples; the rest is bilinear. Of planes each
 * is scaled by itself.
 */
export function letterbox(picture: Pixels, options: LetterboxOptions): Letterboxed {
  const { width, height } = options;
  const source = regionInPixels(picture, options.region);
  const scale = Math.min(width / source.width, height / source.height);
  const contentWidth = Math.max(1, Math.min(width, Math.round(source.width * scale)));
  const contentHeight = Math.max(1, Math.min(height, Math.round(source.height * scale)));
  const content: PixelRect = {
    left: (width - contentWidth) >> 1,
    top: (height - contentHeight) >> 1,
    width: contentWidth,
    height: contentHeight,
  };
  const data = takeInput(width * height * 3);
  if (contentWidth < width || contentHeight < height) data.fill(GRAY);
  const target = { data, width, content, flip: options.flip ?? false };
  if (isPlanes(picture)) planesInto(picture, source, target);
  else {
    const factor = Math.max(1, Math.floor(Math.min(source.width / contentWidth, source.height / contentHeight)));
    const whole = { ...picture, rect: source };
    resizeInto(factor > 1 ? averageBlocks(picture, source, factor) : whole, target);
  }
  return { data, width, height, content, source, picture: { width: picture.width, height: picture.height } };
}

/** A point of the input in fractions of the whole picture. */
export function toPicture({ content, source, picture }: Letterboxed, x: number, y: number): [x: number, y: number] {
  return [
    (source.left + ((x - content.left) / content.width) * source.width) / picture.width,
    (source.top + ((y - content.top) / content.height) * source.height) / picture.height,
  ];
}

function regionInPixels({ width, height }: Pick<Picture, 'width' | 'height'>, region: Box | undefined): PixelRect {
  if (!region) return { left: 0, top: 0, width, height };
  const left = Math.min(width - 1, Math.max(0, Math.floor(region[0] * width)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(region[1] * height)));
  const right = Math.min(width, Math.max(left + 1, Math.ceil(region[2] * width)));
  const bottom = Math.min(height, Math.max(top + 1, Math.ceil(region[3] * height)));
  return { left, top, width: right - left, height: bottom - top };
}

interface Source extends Pick<Picture, 'width' | 'height' | 'rgb'> {
  rect: PixelRect;
}

const isPlanes = (picture: Pixels): picture is Pixels & { yuv: Uint8Array } => picture.yuv !== undefined;

let scratch = new Uint8Array(0);

/** Room for the three planes while one picture is scaled: what is in it is used up before the next one. */
function scaledPlanes(luma: number, chroma: number): SplitPlanes {
  const bytes = luma + 2 * chroma;
  if (scratch.length < bytes) scratch = new Uint8Array(bytes);
  return {
    y: scratch.subarray(0, luma),
    u: scratch.subarray(luma, luma + chroma),
    v: scratch.subarray(luma + chroma, bytes),
  };
}

/** Each plane is scaled by itself, and only what is left is turned into RGB. */
function planesInto(picture: YuvPicture, rect: PixelRect, { data, width, content, flip }: Target): void {
  const { yuv } = picture;
  const half = picture.width >> 1;
  const luma = picture.width * picture.height;
  const chroma = half * (picture.height >> 1);
  const halved = { left: rect.left / 2, top: rect.top / 2, width: rect.width / 2, height: rect.height / 2 };
  const small = { width: (content.width + 1) >> 1, height: (content.height + 1) >> 1 };
  const planes = scaledPlanes(content.width * content.height, small.width * small.height);
  resizePlane(planes.y, { data: yuv, offset: 0, stride: picture.width }, { rect, size: content });
  resizePlane(planes.u, { data: yuv, offset: luma, stride: half }, { rect: halved, size: small });
  resizePlane(planes.v, { data: yuv, offset: luma + chroma, stride: half }, { rect: halved, size: small });
  planesToRgb(planes, { ...content, data, stride: width, flip });
}

/** Means of factor x factor blocks; an incomplete block at the edge is left out. */
function averageBlocks(picture: Omit<Source, 'rect'>, rect: PixelRect, factor: number): Source {
  const width = Math.floor(rect.width / factor);
  const height = Math.floor(rect.height / factor);
  const rgb = new Uint8Array(width * height * 3);
  const sums = new Uint32Array(width * 3);
  const share = 1 / (factor * factor);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let dy = 0; dy < factor; dy++) {
      let from = ((rect.top + y * factor + dy) * picture.width + rect.left) * 3;
      for (let to = 0; to < sums.length; to += 3) {
        for (let dx = 0; dx < factor; dx++, from += 3) {
          sums[to]! += picture.rgb[from]!;
          sums[to + 1]! += picture.rgb[from + 1]!;
          sums[to + 2]! += picture.rgb[from + 2]!;
        }
      }
    }
    for (let i = 0, to = y * sums.length; i < sums.length; i++, to++) rgb[to] = sums[i]! * share + 0.5;
  }
  return { width, height, rgb, rect: { left: 0, top: 0, width, height } };
}

interface Target {
  data: Uint8Array;
  /** Row length of `data`, pixels. */
  width: number;
  content: PixelRect;
  flip: boolean;
}

/**
 * Bilinear with pixel centres aligned, in 8-bit fixed point: (256 - w) a + w b is written 256 a + w (b - a). The inner loop
 * runs for every pixel of every look, so it works on local arrays of byte offsets and is unrolled.
 */
function resizeInto({ rgb, width, rect }: Source, { data, width: targetWidth, content, flip }: Target): void {
  const columns = samples(rect.left, rect.width, content.width);
  const rows = samples(rect.top, rect.height, content.height);
  const { first: lefts, second: rights, weight: weights } = columns;
  const step = flip ? -3 : 3;
  for (let y = 0; y < content.height; y++) {
    const upper = rows.first[y]! * width;
    const lower = rows.second[y]! * width;
    const v = rows.weight[y]!;
    const start = flip ? content.left + content.width - 1 : content.left;
    let to = ((content.top + y) * targetWidth + start) * 3;
    for (let x = 0; x < content.width; x++, to += step) {
      const u = weights[x]!;
      const a = upper + lefts[x]!;
      const b = upper + rights[x]!;
      const c = lower + lefts[x]!;
      const d = lower + rights[x]!;
      const top0 = (rgb[a]! << 8) + u * (rgb[b]! - rgb[a]!);
      const top1 = (rgb[a + 1]! << 8) + u * (rgb[b + 1]! - rgb[a + 1]!);
      const top2 = (rgb[a + 2]! << 8) + u * (rgb[b + 2]! - rgb[a + 2]!);
      const bottom0 = (rgb[c]! << 8) + u * (rgb[d]! - rgb[c]!);
      const bottom1 = (rgb[c + 1]! << 8) + u * (rgb[d + 1]! - rgb[c + 1]!);
      const bottom2 = (rgb[c + 2]! << 8) + u * (rgb[d + 2]! - rgb[c + 2]!);
      data[to] = ((top0 << 8) + v * (bottom0 - top0) + 32768) >> 16;
      data[to + 1] = ((top1 << 8) + v * (bottom1 - top1) + 32768) >> 16;
      data[to + 2] = ((top2 << 8) + v * (bottom2 - top2) + 32768) >> 16;
    }
  }
}

/** For each output position the byte offsets of the two input positions around it, and the weight (0-256) of the second. */
function samples(start: number, length: number, count: number) {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const weight = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / count - 0.5));
    const below = Math.floor(at);
    first[i] = (start + below) * 3;
    second[i] = (start + Math.min(length - 1, below + 1)) * 3;
    weight[i] = Math.round((at - below) * 256);
  }
  return { first, second, weight };
}
