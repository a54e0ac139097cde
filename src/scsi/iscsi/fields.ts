import { be16, be24, be32, putNumber } from "../bytes.ts";

/** Where a value stands in a basic header segment. Tables of these are both the builder and the parser of every PDU. */
export type Field =
  | { readonly kind: "number"; readonly at: number; readonly width: 1 | 2 | 3 | 4 }
  | { readonly kind: "bits"; readonly at: number; readonly mask: number; readonly shift: number }
  | { readonly kind: "flag"; readonly at: number; readonly mask: number }
  | { readonly kind: "bytes"; readonly at: number; readonly width: number };

export type Layout = Readonly<Record<string, Field>>;

type ValueOf<F extends Field> = F["kind"] extends "flag" ? boolean : F["kind"] extends "bytes" ? Uint8Array : number;

/** What a header says, by the names of its layout. */
export type Values<L extends Layout> = { readonly [Name in keyof L]: ValueOf<L[Name]> };

export const number = <const Width extends 1 | 2 | 3 | 4>(at: number, width: Width) => ({ kind: "number", at, width }) as const;
export const flag = (at: number, mask: number) => ({ kind: "flag", at, mask }) as const;
export const bytes = (at: number, width: number) => ({ kind: "bytes", at, width }) as const;
/** The bits under `mask` of one byte, moved down to its lowest bit. */
export const bits = (at: number, mask: number) => ({ kind: "bits", at, mask, shift: 31 - Math.clz32(mask & -mask) }) as const;

/** Every header but that of opcode and lengths is 48 bytes (RFC 7143, 11.2.1). */
export const headerBytes = 48;

/** Puts the values where the layout says; what is left out is zero. Values that do not fit are cut to their field. */
export function build<L extends Layout>(opcode: number, layout: L, values: Partial<Values<L>>): Uint8Array {
  const header = new Uint8Array(headerBytes);
  header[0] = opcode;
  const given = values as Readonly<Record<string, number | boolean | Uint8Array | undefined>>;
  for (const name in layout) {
    const value = given[name];
    if (value !== undefined) put(header, layout[name]!, value);
  }
  return header;
}

function put(header: Uint8Array, field: Field, value: number | boolean | Uint8Array): void {
  switch (field.kind) {
    case "number":
      putNumber(header, field.at, field.width, Number(value));
      break;
    case "bits":
      header[field.at] = (header[field.at] ?? 0) | ((Number(value) << field.shift) & field.mask);
      break;
    case "flag":
      if (value === true) header[field.at] = (header[field.at] ?? 0) | field.mask;
      break;
    case "bytes":
      if (value instanceof Uint8Array) header.set(value.subarray(0, field.width), field.at);
      break;
  }
}

/** Reads any 48 bytes. Fields of bytes are views of the header. */
export function parse<L extends Layout>(layout: L, header: Uint8Array): Values<L> {
  const values: Record<string, number | boolean | Uint8Array> = {};
  for (const name in layout) values[name] = take(header, layout[name]!);
  return values as Values<L>;
}

function take(header: Uint8Array, field: Field): number | boolean | Uint8Array {
  const first = header[field.at] ?? 0;
  switch (field.kind) {
    case "number":
      return field.width === 4 ? be32(header, field.at) : field.width === 3 ? be24(header, field.at) : field.width === 2 ? be16(header, field.at) : first;
    case "bits":
      return (first & field.mask) >>> field.shift;
    case "flag":
      return (first & field.mask) !== 0;
    case "bytes":
      return header.subarray(field.at, field.at + field.width);
  }
}
