import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dumpCartridge, openLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { objectRole, type ObjectRole } from "../../../src/formats/volume/index.ts";
import { openTapeMedium } from "../../../src/media/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";

export interface VolumeObject {
  readonly role: ObjectRole;
  readonly bytes: Buffer;
}

/** A volume whose objects can be exchanged by hand, past everything that guards it. */
export interface OpenVolume {
  readonly barcode: string;
  readonly pool: string;
  readonly objects: readonly VolumeObject[];
  /** Writes these bytes in the place of that object; the others stay as they are. */
  replace(number: number, bytes: Buffer): Promise<void>;
}

export function folderVolume(barcode: string, pool: string, folder: string): OpenVolume {
  const names = readdirSync(folder).filter((name) => /^\d{6}-/.test(name)).sort();
  return {
    barcode, pool,
    objects: names.map((name) => objectOf(readFileSync(join(folder, name)))),
    replace: async (number, bytes) => {
      writeFileSync(join(folder, names[number]!), bytes);
      await Promise.resolve();
    },
  };
}

export async function tapeVolume(barcode: string, pool: string, library: string, dumpTo: string): Promise<OpenVolume> {
  await dumpCartridge(library, barcode, dumpTo);
  const objects = readdirSync(dumpTo).filter((name) => /^\d{6}$/.test(name)).sort().map((name) => objectOf(readFileSync(join(dumpTo, name))));
  return {
    barcode, pool, objects,
    // A tape forgets what is behind whatever is written: the rest is written again as it was.
    replace: async (number, bytes) => {
      await rewriteTape(library, barcode, number, [bytes, ...objects.slice(number + 1).map((object) => object.bytes)], objects[number]!.role);
    },
  };
}

function objectOf(bytes: Buffer): VolumeObject {
  const role = objectRole(bytes.subarray(0, 512));
  if (role === undefined) throw new Error("an object of the reference volume has no role");
  return { role, bytes };
}

async function rewriteTape(folder: string, barcode: string, from: number, objects: readonly Buffer[], role: ObjectRole): Promise<void> {
  const library = await openLibrary(folder, systemRandom);
  try {
    const changer = openMediaChanger(await library.transport(0), systemClock);
    const home = (await changer.inventory()).elements.find((element) => element.barcode === barcode)!;
    await changer.move(home, { kind: "drive", number: 0 });
    const drive = openTapeDrive(await library.transport(1), systemClock);
    const medium = await openTapeMedium(drive, barcode);
    for (const [at, bytes] of objects.entries()) {
      const writer = await medium.writeObject(from + at, role);
      if (bytes.length > 0) await writer.write(bytes);
      await writer.finish();
    }
    await medium.close();
    await drive.unload();
    await drive.close();
    await changer.move({ kind: "drive", number: 0 }, home);
    await changer.close();
  } finally {
    await library.close();
  }
}

/** Every cartridge into a slot, as a library stands when nobody has worked with it for a while. */
export async function emptyDrives(folder: string): Promise<void> {
  const library = await openLibrary(folder, systemRandom);
  try {
    const changer = openMediaChanger(await library.transport(0), systemClock);
    const { elements } = await changer.inventory();
    const slots = elements.filter(({ kind, full }) => kind === "slot" && !full);
    for (const [at, element] of elements.filter(({ kind, full }) => kind === "drive" && full).entries()) {
      const drive = openTapeDrive(await library.transport(element.number + 1), systemClock);
      await drive.ready(60_000);
      await drive.unload();
      await drive.close();
      await changer.move(element, slots[at]!);
    }
    await changer.close();
  } finally {
    await library.close();
  }
}
