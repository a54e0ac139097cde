import { expect, it } from "vitest";
import { createMemoryLibrary } from "../../simulator/index.ts";
import { openMediaChanger } from "../../src/devices/changer/index.ts";
import { type LongWork, openTapeDrive, type TapeDrive } from "../../src/devices/tape/index.ts";
import { systemClock, systemRandom } from "../../src/words/index.ts";
import { TapeLibrary } from "../../src/work/mount/index.ts";

/** Drive 0 measures its cartridge until it is told that it is done; asked of anything but readiness it is as it is. */
async function libraryWithSlowDrive() {
  const cartridges = ["SR0001L9", "SR0002L9"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
  const virtual = await createMemoryLibrary({ drives: 2, model: "LTO-9", slots: 4, mailSlots: 1, cartridges }, systemRandom);
  const measured = Promise.withResolvers<"ready" | "no-medium">();
  const heard: string[] = [];
  const library = new TapeLibrary(
    {
      name: "vtl",
      openChanger: async () => openMediaChanger(await virtual.transport(0), systemClock),
      openDrive: async ({ number }) => {
        const drive = openTapeDrive(await virtual.transport(number + 1), systemClock);
        if (number !== 0) return drive;
        const ready: TapeDrive["ready"] = (_limitMs, options) => {
          options?.onProgress?.({ what: "the device is becoming ready", part: 0.5, waitedMs: 0 });
          return measured.promise;
        };
        return new Proxy(drive, { get: (target, name) => (name === "ready" ? ready : bound(target, name as keyof TapeDrive)) });
      },
    },
    { waiting: (driveNumber, barcode) => ({ what, part }: LongWork) => heard.push(`${String(driveNumber)} ${barcode} ${what} ${String(part)}`) },
  );
  const close = async (): Promise<void> => {
    await library.close();
    await virtual.close();
  };
  return { library, heard, measured, close };
}

function bound(drive: TapeDrive, name: keyof TapeDrive): unknown {
  const member: unknown = drive[name];
  return typeof member === "function" ? (member.bind(drive) as unknown) : member;
}

it("loads other drives while one measures its cartridge, and says what that one is at", async () => {
  const { library, heard, measured, close } = await libraryWithSlowDrive();
  const slow = library.load("SR0001L9");
  const other = await library.load("SR0002L9");
  expect(other.driveNumber).toBe(1);
  expect(heard).toEqual(["0 SR0001L9 the device is becoming ready 0.5"]);
  measured.resolve("ready");
  await (await slow).release();
  await other.release();
  await close();
});

it("gives a drive back whose cartridge never becomes ready", async () => {
  const { library, measured, close } = await libraryWithSlowDrive();
  measured.reject(new Error("never"));
  await expect(library.load("SR0001L9")).rejects.toThrow("never");
  await expect(library.load("SR0001L9")).rejects.toThrow("never");
  await close();
});
