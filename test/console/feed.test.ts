import { expect, it } from "vitest";
import { createFeed } from "../../src/console/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { fakeOperations } from "../cli/fake-operations.ts";
import { cartridge, condition, volume } from "../cli/sample-appliance.ts";

it("tells of what would be lost whose it is, when it was last written, and where the others are", async () => {
  const object = (number: number, writtenMs: number) => ({ volumeUuid: volume.uuid, number, role: "segment" as const, sizeBytes: 1, sha256: "", writtenMs });
  const { operations } = fakeOperations({
    volume: {
      list: () => Promise.resolve([
        { ...volume, place: "library vtl slot 1" }, { ...volume, uuid: "old", state: "retired", pool: "before", place: "-" }, { ...volume, uuid: "2", barcode: "USB001", place: "shelf B4" },
      ]),
      show: () => Promise.resolve({
        volume, cartridge, objects: [object(1, 5000), object(3, 9000), object(2, 7000)], copies: [], movements: [], verifications: [], condition,
      }),
      whatIsOn: () => Promise.resolve({ copies: 2, onlyCopies: 1, elsewhere: ["USB001", "GONE01"] }),
    },
  });
  expect(await createFeed(operations, systemClock).losses("SR0001L8")).toEqual({
    pool: volume.pool, lastWrittenMs: 9000, copies: 2, onlyCopies: 1, elsewhere: [{ barcode: "USB001", place: "shelf B4" }, { barcode: "GONE01", place: "-" }],
  });
});

it("tells of a cartridge without a volume that nothing is lost", async () => {
  const { operations } = fakeOperations({ volume: { whatIsOn: () => Promise.resolve({ copies: 0, onlyCopies: 0, elsewhere: [] }) } });
  expect(await createFeed(operations, systemClock).losses("XX0001L8")).toEqual({ pool: undefined, lastWrittenMs: undefined, copies: 0, onlyCopies: 0, elsewhere: [] });
});
