import type { WireFault } from "../port/index.ts";

/** What shall be wrong with a PDU that goes out. */
export type Spoil = Exclude<WireFault, "wire-deaf" | "wire-logout">;

/** How a PDU goes out instead: in other pieces, or only a part of it before the connection ends. */
export interface Spoiled {
  readonly pieces: readonly Uint8Array[];
  readonly endsConnection: boolean;
}

/** Whether it can befall a PDU with so many bytes of data: a data digest needs data. */
export function canSpoil(spoil: Spoil, dataBytes: number): boolean {
  return spoil !== "wire-data-digest" || dataBytes > 0;
}

/** `pieces` as `frame` makes them: header, its digest, data, padding, their digest. A digest that nobody negotiated cannot be wrong: the connection ends instead. */
export function spoiled(spoil: Spoil, pieces: readonly Uint8Array[], digests: { readonly header: boolean; readonly data: boolean }): Spoiled {
  if (spoil === "wire-header-digest" && digests.header) return { pieces: pieces.with(1, wrong(pieces[1]!)), endsConnection: false };
  if (spoil === "wire-data-digest" && digests.data) return { pieces: pieces.with(-1, wrong(pieces.at(-1)!)), endsConnection: false };
  const whole = Buffer.concat(pieces);
  return { pieces: [whole.subarray(0, Math.floor(whole.length / 2))], endsConnection: true };
}

function wrong(digest: Uint8Array): Uint8Array {
  return digest.map((byte, at) => (at === 0 ? byte ^ 0x01 : byte));
}
