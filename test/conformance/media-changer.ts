import { afterEach, beforeEach, describe, expect } from "vitest";
import type { MediaChanger } from "../../src/devices/changer/index.ts";
import { type KnownDefects, testsWith } from "./known-defects.ts";

/** A changer with `SLOT01L8` in slot 1, `SLOT02L8` in slot 2, an empty slot 3 and an empty drive 0 that is left alone. */
export interface MediaChangerSetting {
  readonly changer: MediaChanger;
  release(): Promise<void>;
}

/** What every MediaChanger must do, whatever is behind it. */
export function mediaChangerConformance(name: string, factory: () => Promise<MediaChangerSetting>, defects: KnownDefects = {}): void {
  const it = testsWith(defects);
  describe(`media changer: ${name}`, () => {
    let setting: MediaChangerSetting;
    let changer: MediaChanger;
    beforeEach(async () => {
      setting = await factory();
      changer = setting.changer;
      await changer.ready(60_000);
    });
    afterEach(() => setting.release());

    const slot = (number: number) => ({ kind: "slot", number }) as const;
    const placeOf = async (barcode: string): Promise<string | undefined> => {
      const found = (await changer.inventory()).elements.find((element) => element.barcode === barcode);
      return found === undefined ? undefined : `${found.kind} ${String(found.number)}`;
    };

    it("numbers the elements of each kind without gaps, by rising address", async () => {
      const { elements } = await changer.inventory();
      for (const [kind, first] of [["slot", 1], ["mail-slot", 1], ["drive", 0], ["transport", 0]] as const) {
        const some = elements.filter((element) => element.kind === kind);
        expect(some.map(({ number }) => number)).toEqual(some.map((_, index) => index + first));
        expect(some.map(({ address }) => address)).toEqual(some.map(({ address }) => address).sort((one, other) => one - other));
      }
      expect(elements.filter(({ full }) => full).map(({ barcode }) => barcode)).toEqual(["SLOT01L8", "SLOT02L8"]);
    });

    it("tells the serial number of every drive", async () => {
      const drives = (await changer.inventory()).elements.filter(({ kind }) => kind === "drive");
      expect(drives.every(({ driveSerial }) => (driveSerial ?? "") !== "")).toBe(true);
    });

    it("moves cartridges between slots and drives, and remembers where they came from", async () => {
      await changer.move(slot(1), slot(3));
      expect(await placeOf("SLOT01L8")).toBe("slot 3");
      await changer.move(slot(2), { kind: "drive", number: 0 });
      const drive = (await changer.inventory()).elements.find(({ kind }) => kind === "drive");
      expect(drive).toMatchObject({ full: true, barcode: "SLOT02L8", source: slot(2) });
    });

    it("says what is wrong with a movement, and moves nothing", async () => {
      await expect(changer.move(slot(3), slot(1))).rejects.toMatchObject({ code: "ELEMENT_EMPTY" });
      await expect(changer.move(slot(1), slot(2))).rejects.toMatchObject({ code: "ELEMENT_FULL" });
      await expect(changer.move(slot(1), slot(60_000))).rejects.toMatchObject({ code: "ELEMENT_MISSING" });
      expect([await placeOf("SLOT01L8"), await placeOf("SLOT02L8")]).toEqual(["slot 1", "slot 2"]);
    });

    it("looks at every element again when asked", async () => {
      await changer.audit();
      expect(await placeOf("SLOT02L8")).toBe("slot 2");
    });
  });
}
