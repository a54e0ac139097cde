import { afterEach, describe, expect } from "vitest";
import type { TapeDrive } from "../../src/devices/tape/index.ts";
import { type KnownDefects, testsWith } from "./known-defects.ts";

export type Loaded = "blank" | "write-protected" | "nothing";

/** A drive with that in it, on its own. */
export interface TapeDriveSetting {
  readonly drive: TapeDrive;
  readonly capacityBytes: number;
  release(): Promise<void>;
}

/** What every TapeDrive must do, whatever is behind it. Cartridges should hold 1 to 16 MB. */
export function tapeDriveConformance(name: string, factory: (loaded: Loaded) => Promise<TapeDriveSetting>, defects: KnownDefects = {}): void {
  const it = testsWith(defects);
  describe(`tape drive: ${name}`, () => {
    const settings: TapeDriveSetting[] = [];
    const open = async (loaded: Loaded): Promise<TapeDriveSetting> => {
      const setting = await factory(loaded);
      settings.push(setting);
      expect(await setting.drive.ready(60_000)).toBe(loaded === "nothing" ? "no-medium" : "ready");
      return setting;
    };
    afterEach(async () => {
      for (const setting of settings.splice(0)) await setting.release();
    });
    const block = (fill: number, sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes).fill(fill);

    /** Two files of 3 and 1 blocks, each closed by a filemark, then an open one of 1 block. */
    const written = async (): Promise<TapeDrive> => {
      const { drive } = await open("blank");
      for (const fill of [1, 2, 3]) expect(await drive.writeBlock(block(fill, 4096))).toBe("written");
      expect(await drive.writeFilemarks(1)).toBe("written");
      await drive.writeBlock(block(4, 100));
      await drive.writeFilemarks(1);
      await drive.writeBlock(block(5, 1));
      await drive.writeFilemarks(0);
      return drive;
    };

    it("reads back blocks of any size, filemarks and the end of data, as often as asked", async () => {
      const drive = await written();
      await drive.rewind();
      const target = new Uint8Array(4096);
      const seen: string[] = [];
      for (let turn = 0; turn < 9; turn += 1) {
        const result = await drive.readBlock(target);
        seen.push(result.kind === "block" ? `${String(target[0])} of ${String(result.sizeBytes)}` : result.kind);
        if (result.kind === "block") expect(target.subarray(0, result.sizeBytes)).toEqual(block(target[0] ?? 0, result.sizeBytes));
      }
      const [mark, end] = ["filemark", "end-of-data"];
      expect(seen).toEqual(["1 of 4096", "2 of 4096", "3 of 4096", mark, "4 of 100", mark, "5 of 1", end, end]);
    });

    it("keeps filemarks in its buffer in their place, and has them on the tape after a flush", async () => {
      const { drive } = await open("blank");
      await drive.rewind();
      for (const fill of [1, 2]) {
        await drive.writeBlock(block(fill, 4096));
        expect(await drive.bufferFilemarks(1)).toBe("written");
      }
      const before = drive.confirmedObjects;
      await drive.writeFilemarks(0);
      const after = drive.confirmedObjects;
      expect((await drive.position()).objectNumber).toBe(4);
      expect([before, after].filter((confirmed) => confirmed !== undefined && confirmed !== 0 && confirmed !== 4)).toEqual([]);
      expect(await drive.locateFile(2)).toBe("there");
    });

    it("rejects a block that is larger than the room, and stands behind it", async () => {
      const drive = await written();
      await drive.rewind();
      await expect(drive.readBlock(new Uint8Array(100))).rejects.toMatchObject({ code: "BLOCK_TOO_LARGE" });
      expect((await drive.position()).objectNumber).toBe(1);
    });

    it("goes to objects and files, and says when there are fewer", async () => {
      const drive = await written();
      await drive.locate(2);
      const target = new Uint8Array(4096);
      expect([await drive.readBlock(target), target[0]]).toEqual([{ kind: "block", sizeBytes: 4096 }, 3]);
      expect(await drive.locateFile(1)).toBe("there");
      expect(await drive.position()).toMatchObject({ objectNumber: 4, beginningOfPartition: false });
      expect(await drive.locateFile(2)).toBe("there");
      expect(await drive.locateFile(3)).toBe("end-of-data");
      expect((await drive.position()).objectNumber).toBe(7);
      expect(await drive.locateFile(0)).toBe("there");
      expect(await drive.position()).toMatchObject({ objectNumber: 0, beginningOfPartition: true });
      expect((await drive.spaceToEndOfData()).objectNumber).toBe(7);
    });

    it("ends the data where it was written last", async () => {
      const drive = await written();
      await drive.locate(1);
      await drive.writeBlock(block(9, 10));
      await drive.writeFilemarks(1);
      expect((await drive.spaceToEndOfData()).objectNumber).toBe(3);
    });

    it("warns before the end, takes what closes an archive, and ends with a result", async () => {
      const { drive, capacityBytes } = await open("blank");
      const piece = block(7, 64 * 1024);
      const results: string[] = [];
      for (let sent = 0; results.at(-1) !== "end-of-medium" && sent <= 4 * capacityBytes; sent += piece.length) {
        const result = await drive.writeBlock(piece);
        if (result !== results.at(-1)) results.push(result);
      }
      expect(results).toEqual(["written", "early-warning", "end-of-medium"]);
    });

    it("writes nothing on a protected cartridge", async () => {
      const { drive } = await open("write-protected");
      expect((await drive.medium()).writeProtected).toBe(true);
      await expect(drive.writeBlock(block(1, 10))).rejects.toMatchObject({ code: "WRITE_PROTECTED" });
      await drive.rewind();
      expect(await drive.readBlock(new Uint8Array(10))).toEqual({ kind: "end-of-data" });
    });

    it("says that it is empty", async () => {
      const { drive } = await open("nothing");
      await expect(drive.writeBlock(block(1, 10))).rejects.toMatchObject({ code: "NO_MEDIUM" });
      expect(await drive.readAttribute(0x0806)).toBeUndefined();
    });

    it("tells who it is, what is loaded and how much fits", async () => {
      const { drive } = await open("blank");
      const { vendor, product } = await drive.identity();
      expect(vendor.length * product.length).toBeGreaterThan(0);
      expect(await drive.medium()).toMatchObject({ writeProtected: false, worm: false });
      expect(await drive.maxBlockBytes()).toBeGreaterThanOrEqual(64 * 1024);
      expect(await drive.tapeAlerts()).toEqual([]);
      const capacity = await drive.capacity();
      if (capacity !== undefined) expect(capacity.remainingBytes).toBeLessThanOrEqual(capacity.totalBytes);
    });

    it("tells how it is, as far as it can, and stands where it stood", async () => {
      const drive = await written();
      await drive.locateFile(1);
      const target = new Uint8Array(4096);
      const { findings, cartridge } = await drive.health({ withCartridge: true, mayClearAlerts: true });
      expect(findings.filter(({ severity }) => severity === "err" || severity === "fatal")).toEqual([]);
      expect(cartridge?.medium.kind).not.toBe("cleaning");
      expect([await drive.readBlock(target), target[0]]).toEqual([{ kind: "block", sizeBytes: 100 }, 4]);
    });

    it("tells how it is without a cartridge too", async () => {
      const { drive } = await open("nothing");
      expect((await drive.health({ withCartridge: false, mayClearAlerts: true })).cartridge).toBeUndefined();
    });

    it("lets go of its cartridge and takes it again", async () => {
      const { drive } = await open("blank");
      await drive.unload();
      expect(await drive.ready(0)).toBe("no-medium");
      await drive.load();
      expect(await drive.ready(60_000)).toBe("ready");
    });
  });
}
