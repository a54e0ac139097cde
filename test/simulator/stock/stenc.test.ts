import { describe, expect, it } from "vitest";
import { drive as driveAddress, memoryLibrary, move, slot, tape } from "../initiator.ts";
import { pathTo } from "../paths.ts";
import { canRun, sgProgram } from "./sg-program.ts";

const isThere = canRun("stenc");
const keyFile = (byte: string, name: string): string => `${byte.repeat(32)}\n${name}\n`;
const block = Buffer.alloc(4000, "for those who have the key ");

async function loadedDrive() {
  const library = await memoryLibrary();
  const changer = pathTo(library, 0, "changer");
  while ((await tape(changer).ready()) !== "good");
  await move(changer, slot(0), driveAddress(0));
  const path = pathTo(library, 1, "stenc");
  const drive = tape(path);
  while ((await drive.ready()) !== "good");
  const stenc = await sgProgram("stenc", path, { "june.key": keyFile("5a", "JUNE 2026"), "other.key": keyFile("17", "OTHER") });
  const status = async (): Promise<Record<string, string>> => {
    const { output } = await stenc("-f", "DEVICE", "--detail");
    return Object.fromEntries([...output.matchAll(/^(\w[^:\n]+): +(.*\S)/gm)].map(([, name, value]) => [name!, value!]));
  };
  return { stenc, status, drive };
}

describe.skipIf(!isThere)(`Debian's stenc on a virtual drive${isThere ? "" : " (skipped: stenc or a C compiler is not installed)"}`, () => {
  it("sees a drive that does not encrypt, and an empty tape", async () => {
    const { status } = await loadedDrive();
    expect(await status()).toMatchObject({
      "Device Mfg": "VIRTUAL", "Drive Encryption": "off", "Drive Output": "Not decrypting", "Drive Input": "Not encrypting",
      "Volume Encryption": "Logical block is not a logical block",
    });
  });

  it("sets a key, and sees it with its name, in the drive and on the tape", async () => {
    const { stenc, status, drive } = await loadedDrive();
    expect(await stenc("-f", "DEVICE", "-e", "on", "-k", "june.key", "-a", "1", "--ckod")).toMatchObject({ exitCode: 0 });
    expect(await status()).toMatchObject({ "Drive Encryption": "on", "Drive Output": "Decrypting", "Drive Input": "Encrypting" });
    await drive.write(block);
    await drive.rewind();
    expect(await status()).toMatchObject({
      "Drive Key Desc.(uKAD)": "JUNE 2026", "Volume Encryption": "Encrypted and able to decrypt", "Volume Algorithm": "1",
    });
    expect(Buffer.from((await drive.read(block.length)).data).equals(block)).toBe(true);
  });

  it("sees that another key is wrong, and that it is needed once it was taken out", async () => {
    const { stenc, status, drive } = await loadedDrive();
    await stenc("-f", "DEVICE", "-e", "on", "-k", "june.key", "-a", "1");
    await drive.write(block);
    await drive.rewind();
    await stenc("-f", "DEVICE", "-e", "on", "-k", "other.key", "-a", "1");
    expect(await status()).toMatchObject({
      "Volume Encryption": "Encrypted, but unable to decrypt due to invalid key.", "Volume Key Desc.(uKAD)": "JUNE 2026",
    });
    expect((await drive.read(block.length)).sense).toMatch(/^7\/74\/03/);
    expect(await stenc("-f", "DEVICE", "-e", "off")).toMatchObject({ exitCode: 0 });
    expect(await status()).toMatchObject({ "Drive Encryption": "off" });
    expect((await drive.read(block.length)).sense).toMatch(/^7\/74\/01/);
  });

  it("reads plain blocks in mixed mode, and copies encrypted ones in raw mode where the key allowed it", async () => {
    const { stenc, status, drive } = await loadedDrive();
    await drive.write(block);
    await stenc("-f", "DEVICE", "-e", "mixed", "-k", "june.key", "-a", "1", "--unprotect");
    expect(await status()).toMatchObject({ "Drive Encryption": "mixed" });
    await drive.write(block);
    await drive.rewind();
    expect([(await drive.read(block.length)).sense, (await drive.read(block.length)).sense]).toEqual(["good", "good"]);
    await stenc("-f", "DEVICE", "-e", "rawread", "-k", "june.key", "-a", "1");
    await drive.locate(1);
    expect(await status()).toMatchObject({ "Drive Encryption": "rawread" });
    const raw = await drive.read(8192, 2);
    expect([raw.sense, raw.data.length > block.length, Buffer.from(raw.data).includes("who have the key")]).toEqual(["good", true, false]);
  });
});
