import { describe, expect, it, onTestFinished } from "vitest";
import { createMemoryLibrary } from "../../../simulator/index.ts";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { openTapeMedium } from "../../../src/media/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { send, tape, u16 } from "../../simulator/initiator.ts";
import { pathTo } from "../../simulator/paths.ts";

/** What `stenc -e on -k KEY` and `stenc -e off` send. */
function setKey(key: Uint8Array, name: string): Uint8Array {
  const modes = key.length === 0 ? [0, 0, 0] : [2, 2, 1];
  const kad = name === "" ? [] : [0, 0, ...u16(name.length), ...Buffer.from(name)];
  const body = [0x40, 0x40, ...modes, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...u16(key.length), ...key, ...kad];
  return Uint8Array.from([0, 0x10, ...u16(body.length), ...body]);
}

async function driveWithStenc() {
  const library = await createMemoryLibrary({ cartridges: [{ barcode: "TAPE01L8", capacityBytes: 8 * 1024 * 1024 }] }, systemRandom);
  onTestFinished(() => library.close());
  const changer = openMediaChanger(await library.transport(0), systemClock);
  await changer.move({ kind: "slot", number: 1 }, { kind: "drive", number: 0 });
  await changer.close();
  const stenc = pathTo(library, 1, "stenc");
  while ((await tape(stenc).ready()) !== "good");
  const set = async (key: Uint8Array, name = ""): Promise<string> => {
    const dataOut = setKey(key, name);
    return (await send(stenc, [0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, ...u16(dataOut.length), 0, 0], { dataOut })).sense;
  };
  const drive = openTapeDrive(pathTo(library, 1, "archive"), systemClock);
  await drive.ready(60_000);
  return { drive, stenc: tape(stenc), set };
}

describe("a key that somebody left in a drive", () => {
  it("is told, and nothing is written before it is taken out", async () => {
    const { drive, set } = await driveWithStenc();
    expect(await drive.encryption()).toMatchObject({ kind: "off", encrypts: false, nextBlock: "unknown" });
    expect(await set(Buffer.alloc(32, 5), "JUNE")).toBe("good");
    expect(await drive.encryption()).toMatchObject({ kind: "on", encrypts: true, decrypts: "yes", scope: "all hosts", setBy: "hosts", keyName: "JUNE" });
    const medium = await openTapeMedium(drive, "TAPE01L8");
    await expect(medium.writeObject(0, "bootstrap")).rejects.toMatchObject({ code: "DRIVE_ENCRYPTS" });
    expect(await drive.spaceToEndOfData()).toMatchObject({ objectNumber: 0 });
    await set(new Uint8Array(0));
    const writer = await medium.writeObject(0, "bootstrap");
    await writer.write(Buffer.alloc(20_000));
    expect(await writer.finish()).toBe("finished");
  });

  it("makes blocks that nobody else can read, and it is said so", async () => {
    const { drive, set, stenc } = await driveWithStenc();
    await set(Buffer.alloc(32, 5), "JUNE");
    await stenc.write(Buffer.alloc(10_240));
    await stenc.rewind();
    expect(await drive.encryption()).toMatchObject({ nextBlock: "encrypted, readable" });
    await set(new Uint8Array(0));
    expect(await drive.encryption()).toMatchObject({ kind: "off", nextBlock: "encrypted, key needed" });
    await drive.rewind();
    const refusal: unknown = await drive.readBlock(new Uint8Array(10_240)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "MEDIUM_ENCRYPTED", kind: "denied" });
    expect(String(refusal)).toContain("unable to decrypt");
  });
});
