import { fft } from './fft.js';

/** Samples a second that the speech path carries, and those the network was trained on. */
export const SAMPLE_RATE = 16000;
/** Mel bands a frame, and milliseconds from one frame to the next. */
export const MEL_BANDS = 40;
export const FRAME_MS = 10;

const TAPS = 63;
const FRAME = 200;
const HOP = 80;
const FFT_SIZE = 256;
const BINS = FFT_SIZE / 2 + 1;
const PEAK = 0.5;

/** `MEL_BANDS` rows of `FFT_SIZE / 2 + 1` weights. */
export type Filterbank = readonly Float64Array[];

/** Features of one stretch: `frames * MEL_BANDS`, row-major, each band's mean 0. */
export interface LogMel {
  frames: number;
  data: Float32Array;
}

const lowPass = hammingSinc();
const window = Float64Array.from({ length: FRAME }, (_, i) => {
  const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (FRAME - 1));
  return hann ** 0.85;
});

/** Taps of a low-pass at half of the band, for a stream that then keeps every second sample; they add up to 1. */
function hammingSinc(): Float64Array {
  const middle = (TAPS - 1) / 2;
  const taps = Float64Array.from({ length: TAPS }, (_, i) => {
    const x = (i - middle) / 2;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (TAPS - 1)));
  });
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / sum);
}

/** 16 kHz to 8 kHz: low-pass, then every second sample; the result begins at the same instant as the input. */
export function halveRate(samples: Float32Array): Float64Array {
  const middle = (TAPS - 1) / 2;
  const half = new Float64Array(Math.ceil(samples.length / 2));
  for (let i = 0; i < half.length; i += 1) {
    const first = 2 * i - middle;
    const from = Math.max(0, -first);
    const to = Math.min(TAPS, samples.length - first);
    let sum = 0;
    for (let tap = from; tap < to; tap += 1) sum += lowPass[tap]! * samples[first + tap]!;
    half[i] = sum;
  }
  return half;
}

/**
 * Log-mel features of a segment at 16 kHz, -1 to 1, as the network's card describes them: peak scaled to 0.5,
 * pre-emphasis, 25 ms frames each 10 ms, Hann^0.85, power spectrum, mel, logarithm, mean taken off each band. A segment
 * shorter than one frame has no frames.
 */
export function logMel(samples: Float32Array, filterbank: Filterbank): LogMel {
  const sound = emphasise(halveRate(samples));
  const frames = sound.length < FRAME ? 0 : Math.floor((sound.length - FRAME) / HOP) + 1;
  const data = new Float32Array(frames * MEL_BANDS);
  const re = new Float64Array(FFT_SIZE);
  const im = new Float64Array(FFT_SIZE);
  const power = new Float64Array(BINS);
  for (let frame = 0; frame < frames; frame += 1) {
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < FRAME; i += 1) re[i] = sound[frame * HOP + i]! * window[i]!;
    fft(re, im);
    for (let bin = 0; bin < BINS; bin += 1) power[bin] = re[bin]! ** 2 + im[bin]! ** 2;
    for (let band = 0; band < MEL_BANDS; band += 1) {
      data[frame * MEL_BANDS + band] = Math.log(dot(filterbank[band]!, power) + 1e-6);
    }
  }
  takeMeanOff(data, frames);
  return { frames, data };
}

function emphasise(sound: Float64Array): Float64Array {
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gain = peak > 0 ? PEAK / peak : 0;
  return sound.map((value, i) => gain * (i === 0 ? value : value - 0.97 * sound[i - 1]!));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

function takeMeanOff(data: Float32Array, frames: number): void {
  for (let band = 0; band < MEL_BANDS; band += 1) {
    let sum = 0;
    for (let i = band; i < data.length; i += MEL_BANDS) sum += data[i]!;
    for (let i = band; i < data.length; i += MEL_BANDS) data[i]! -= sum / frames;
  }
}
