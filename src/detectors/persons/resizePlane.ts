/** One plane of a picture: a byte a sample. */
export interface Plane {
  data: Uint8Array;
  /** Where the first sample lies in `data`. */
  offset: number;
  /** Samples from one line to the next. */
  stride: number;
}

/** A part of a plane, samples; need not be whole. */
export interface PlaneRect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PlaneSize {
  width: number;
  height: number;
}

/**
 * Scales a part of a plane to `size`: reductions by 2 and more are averaged by whole factors first, the rest is bilinear with
 * sample centres aligned, in 8-bit fixed point, lines first and columns after. Planes are scaled before they are turned into
 * RGB, since an input has fewer pixels than the picture and chroma a quarter of the samples.
 * @param out gets size.height * size.width samples, row-major; memory that is there already, since planes come thirty times a second
 */
export function resizePlane(out: Uint8Array, plane: Plane, { rect, size }: { rect: PlaneRect; size: PlaneSize }): void {
  const factor = Math.max(1, Math.floor(Math.min(rect.width / size.width, rect.height / size.height)));
  const source = factor > 1 ? averaged(plane, rect, factor) : whole(plane, rect);
  bilinear(out, source, size);
}

/** A plane whose part of interest begins `left`, `top` of a sample into it. */
interface Source extends Plane {
  columns: number;
  rows: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

function whole(plane: Plane, { left, top, width, height }: PlaneRect): Source {
  const [x, y] = [Math.floor(left), Math.floor(top)];
  const columns = Math.max(1, Math.ceil(left + width) - x);
  const rows = Math.max(1, Math.ceil(top + height) - y);
  const offset = plane.offset + y * plane.stride + x;
  return { data: plane.data, offset, stride: plane.stride, columns, rows, left: left - x, top: top - y, width, height };
}

/** Means of factor x factor blocks; an incomplete block at the edge is left out. */
function averaged({ data, offset, stride }: Plane, rect: PlaneRect, factor: number): Source {
  const columns = Math.max(1, Math.floor(rect.width / factor));
  const rows = Math.max(1, Math.floor(rect.height / factor));
  const first = offset + Math.floor(rect.top) * stride + Math.floor(rect.left);
  const out = new Uint8Array(columns * rows);
  const sums = new Uint32Array(columns);
  const scale = 65_536 / (factor * factor);
  for (let y = 0; y < rows; y++) {
    sums.fill(0);
    for (let dy = 0; dy < factor; dy++) {
      let from = first + (y * factor + dy) * stride;
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let dx = 0; dx < factor; dx++, from++) sum += data[from]!;
        sums[x]! += sum;
      }
    }
    const line = y * columns;
    for (let x = 0; x < columns; x++) out[line + x] = (sums[x]! * scale + 32_768) >> 16;
  }
  const [width, height] = [columns, rows];
  return { data: out, offset: 0, stride: columns, columns, rows, left: 0, top: 0, width, height };
}

function bilinear(out: Uint8Array, source: Source, { width, height }: PlaneSize): void {
  const { data, offset, stride } = source;
  const columns = samples({ start: source.left, length: source.width, least: source.columns }, width);
  const rows = samples({ start: source.top, length: source.height, least: source.rows }, height);
  const { first: lefts, second: rights, weight: us } = columns;
  const line = new Int32Array(source.columns);
  for (let y = 0; y < height; y++) {
    const upper = offset + rows.first[y]! * stride;
    const lower = offset + rows.second[y]! * stride;
    const v = rows.weight[y]!;
    for (let x = 0; x < line.length; x++) {
      const a = data[upper + x]!;
      line[x] = (a << 8) + v * (data[lower + x]! - a);
    }
    const to = y * width;
    for (let x = 0; x < width; x++) {
      const a = line[lefts[x]!]!;
      out[to + x] = ((a << 8) + us[x]! * (line[rights[x]!]! - a) + 32_768) >> 16;
    }
  }
}

/** For each output position the two input positions around it, and the weight (0-256) of the second. */
function samples({ start, length, least }: { start: number; length: number; least: number }, count: number) {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const weight = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(least - 1, Math.max(0, start + ((i + 0.5) * length) / count - 0.5));
    const below = Math.floor(at);
    first[i] = below;
    second[i] = Math.min(least - 1, below + 1);
    weight[i] = Math.round((at - below) * 256);
  }
  return { first, second, weight };
}
