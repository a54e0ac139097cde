import { expect, it } from "vitest";
import { tellingOfWaits } from "../../src/operations/drive-patience.ts";

it("tells of long waits alone, and now and then", () => {
  const told: string[] = [];
  const hear = tellingOfWaits("drive 1 of shelf", "ABC123L9", ({ severity, code, text }) => told.push(`${severity} ${code} ${text}`));
  for (let minutes = 0; minutes <= 30; minutes += 1) hear({ what: "the device is becoming ready", part: minutes / 100, waitedMs: minutes * 60_000 });
  hear({ what: "work goes on in the background", part: undefined, waitedMs: 32 * 60_000 });
  const tail = "a cartridge that is new to LTO-9 may take two hours";
  expect(told).toEqual([
    `note DRIVE_AT_WORK drive 1 of shelf with ABC123L9: the device is becoming ready, 2 % done after 2 minutes; ${tail}`,
    `note DRIVE_AT_WORK drive 1 of shelf with ABC123L9: the device is becoming ready, 12 % done after 12 minutes; ${tail}`,
    `note DRIVE_AT_WORK drive 1 of shelf with ABC123L9: the device is becoming ready, 22 % done after 22 minutes; ${tail}`,
    `note DRIVE_AT_WORK drive 1 of shelf with ABC123L9: work goes on in the background after 32 minutes; ${tail}`,
  ]);
});
