import type { VolumeNote } from "../formats/volume/index.ts";
import { rfc3339 } from "../words/index.ts";

export interface NoteAttribute {
  readonly id: number;
  readonly format: "binary" | "ascii" | "text";
  readonly value: Uint8Array;
}

/**
 * The host attributes of cartridge memory (SPC-5, 7.4.2.4) that tell a vault's hand reader which cartridge this is. ASCII
 * attributes are padded with spaces, text attributes with zeros, each to its fixed length.
 */
export function noteAttributes(note: VolumeNote, barcode: string): readonly NoteAttribute[] {
  const ascii = (id: number, sizeBytes: number, text: string): NoteAttribute =>
    ({ id, format: "ascii", value: Buffer.from(text.padEnd(sizeBytes).slice(0, sizeBytes), "latin1") });
  const text = (id: number, sizeBytes: number, words: string): NoteAttribute => {
    const value = Buffer.alloc(sizeBytes);
    value.write(words, 0, sizeBytes - 1, "utf8");
    return { id, format: "text", value };
  };
  const minutes = rfc3339(note.writtenAtMs).replace(/[-T:]/g, "").slice(0, 12);
  return [
    ascii(0x0800, 8, "STRONGRM"),
    ascii(0x0801, 32, "Strongroom"),
    ascii(0x0802, 8, "1"),
    { id: 0x0805, format: "binary", value: Uint8Array.of(0x81) },
    text(0x0803, 160, note.volumeUuid),
    ascii(0x0804, 12, minutes),
    ascii(0x0806, 32, barcode),
    text(0x0808, 160, note.pool),
    ascii(0x080b, 16, "1"),
    ascii(0x0820, 36, note.volumeUuid),
  ];
}
