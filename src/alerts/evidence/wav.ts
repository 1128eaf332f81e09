const HEADER = 44;

/**
 * A WAV file of 16-bit PCM, mono (Multimedia Programming Interface and Data Specifications 1.0, IBM and Microsoft, 1991).
 * @param samples -1 to 1; what lies outside is cut
 */
export function encodeWav(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = Buffer.alloc(HEADER + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (let i = 0; i < samples.length; i += 1) {
    const value = Math.max(-1, Math.min(1, samples[i]!));
    bytes.writeInt16LE(Math.round(value * 32_767), HEADER + i * 2);
  }
  return bytes;
}
