/**
 * Writes the protocol-buffer wire format (protobuf.dev/programming-guides/encoding): just what an ONNX file needs. A field
 * is a key (number and wire type) and a value; a message inside a message is a length and its bytes.
 */
export type Field = Uint8Array;

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A non-negative integer below 2^53, or any bigint (negative ones as 64-bit two's complement). */
function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
}

const key = (field: number, wireType: number): number[] => varint(field * 8 + wireType);

/** An `int32`, `int64` or enum field. */
export const intField = (field: number, value: number | bigint): Field =>
  Uint8Array.from([...key(field, VARINT), ...varint(value)]);

/** A `float` field. */
export function floatField(field: number, value: number): Field {
  const bytes = new Uint8Array(5);
  bytes.set(key(field, FIXED32));
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

/** A `bytes` or embedded message field. */
export const bytesField = (field: number, value: Uint8Array): Field =>
  joinFields([Uint8Array.from([...key(field, LENGTH_DELIMITED), ...varint(value.length)]), value]);

/** A `string` field. */
export const stringField = (field: number, value: string): Field => bytesField(field, new TextEncoder().encode(value));

/** A message field made of fields. */
export const messageField = (field: number, fields: readonly Field[]): Field => bytesField(field, joinFields(fields));

/** Fields one after the other: the bytes of a message. */
export function joinFields(fields: readonly Field[]): Uint8Array {
  const joined = new Uint8Array(fields.reduce((total, field) => total + field.length, 0));
  let offset = 0;
  for (const field of fields) {
    joined.set(field, offset);
    offset += field.length;
  }
  return joined;
}
