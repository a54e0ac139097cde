import { closeSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { dumpCartridge, flipBit } from "../../simulator/index.ts";

/** A place in an object whose bit is to be flipped. */
export interface Spot {
  readonly what: string;
  readonly object: number;
  readonly offsetBytes: number;
}

/** A volume as its objects' bytes, and a way to flip one bit of it; flipping twice mends it. */
export interface Damageable {
  readonly barcode: string;
  readonly objects: readonly { readonly name: string; readonly bytes: Buffer }[];
  flip(spot: Pick<Spot, "object" | "offsetBytes">, bit: number): Promise<void>;
}

export function damageableFolder(barcode: string, folder: string): Damageable {
  const names = readdirSync(folder).filter((name) => /^\d{6}-/.test(name)).sort();
  return {
    barcode,
    objects: names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
    flip: async ({ object, offsetBytes }, bit) => {
      const fd = openSync(join(folder, names[object]!), "r+");
      try {
        const byte = new Uint8Array(1);
        readSync(fd, byte, 0, 1, offsetBytes);
        byte[0] = byte[0]! ^ (1 << bit);
        writeSync(fd, byte, 0, 1, offsetBytes);
      } finally {
        closeSync(fd);
      }
      await Promise.resolve();
    },
  };
}

export async function damageableTape(library: string, barcode: string, dumpTo: string): Promise<Damageable> {
  await dumpCartridge(library, barcode, dumpTo);
  const names = readdirSync(dumpTo).filter((name) => /^\d{6}$/.test(name)).sort();
  return {
    barcode,
    objects: names.map((name) => ({ name, bytes: readFileSync(join(dumpTo, name)) })),
    flip: async ({ object, offsetBytes }, bit) => { await flipBit(library, barcode, object, offsetBytes, bit); },
  };
}

/** One place in every header, every member, every padding, and the end of a plain tar. */
export function tarSpots(object: number, bytes: Buffer, kind: string): Spot[] {
  const spots: Spot[] = [];
  let at = 0;
  while (at + 512 <= bytes.length && bytes[at] !== 0) {
    const name = bytes.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const sizeBytes = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    spots.push({ what: `${kind}: header of ${name}`, object, offsetBytes: at + 3 });
    if (sizeBytes > 0) spots.push({ what: `${kind}: ${name}`, object, offsetBytes: at + 512 + Math.floor(sizeBytes / 2) });
    const paddedBytes = Math.ceil(sizeBytes / 512) * 512;
    if (paddedBytes > sizeBytes) spots.push({ what: `${kind}: padding of ${name}`, object, offsetBytes: at + 512 + sizeBytes });
    at += 512 + paddedBytes;
  }
  spots.push({ what: `${kind}: end of archive`, object, offsetBytes: at + 7 }, { what: `${kind}: last byte`, object, offsetBytes: bytes.length - 1 });
  return spots;
}

/** Places in every kind of object: a segment's packet header, middle and end, a seal's words and its signature, tars by member. */
export function spotsOf(volume: Damageable): Spot[] {
  const kinds = volume.objects.map(({ bytes }) => {
    if (bytes.toString("latin1", 257, 262) === "ustar") return bytes.toString("latin1", 0, 12).startsWith("README-FIRST") ? "bootstrap" : "trailer";
    return bytes.toString("latin1", 0, 10) === "-----BEGIN" ? "seal" : "segment";
  });
  const segment = kinds.indexOf("segment");
  const seal = kinds.indexOf("seal");
  const trailer = kinds.indexOf("trailer");
  const segmentBytes = volume.objects[segment]!.bytes.length;
  const sealText = volume.objects[seal]!.bytes.toString("latin1");
  const signature = sealText.indexOf("-----BEGIN PGP SIGNATURE-----");
  return [
    ...tarSpots(0, volume.objects[0]!.bytes, "bootstrap"),
    { what: "segment: first packet header", object: segment, offsetBytes: 0 },
    { what: "segment: session key packet", object: segment, offsetBytes: 40 },
    { what: "segment: middle", object: segment, offsetBytes: Math.floor(segmentBytes / 2) },
    { what: "segment: last byte", object: segment, offsetBytes: segmentBytes - 1 },
    { what: "seal: first line", object: seal, offsetBytes: 8 },
    { what: "seal: text", object: seal, offsetBytes: Math.floor(signature / 2) },
    { what: "seal: digest", object: seal, offsetBytes: sealText.search(/[0-9a-f]{64}/) + 20 },
    { what: "seal: signature", object: seal, offsetBytes: signature + 60 },
    { what: "seal: end", object: seal, offsetBytes: sealText.length - 2 },
    ...tarSpots(trailer, volume.objects[trailer]!.bytes, "trailer"),
  ];
}
