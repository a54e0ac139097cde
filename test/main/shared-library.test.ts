import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultTarget } from "../../simulator/index.ts";
import type { LibraryAccess } from "../../src/work/mount/index.ts";
import { reservationKey } from "../../src/devices/tape/index.ts";
import { machine, openLibrary } from "../../src/main/libraries.ts";
import type { IscsiLibraryConfig } from "../../src/records/index.ts";
import { serve, type Served } from "../simulator/target/setting.ts";
import { makeAppliance, passphraseBytes, quietly } from "../support/appliance.ts";

const keyOf = (applianceUuid: string, where: string): Uint8Array => reservationKey({ applianceUuid, machine: where });
const ours = keyOf("0a0b0c0d-0000-4000-8000-000000000000", "here");
const theirs = keyOf("ffffffff-0000-4000-8000-000000000000", "there");
/** Each appliance has its own locks: between two of them only the drive decides. */
const noLock = () => ({ path: "", release: () => undefined });

describe("a library on the network that two appliances use", () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve({ drives: 1, cartridges: ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 32 * 1024 * 1024 })) });
  });
  afterEach(async () => { await served.release(); });

  const config = (initiator: string): IscsiLibraryConfig =>
    ({ name: "network", kind: "iscsi", portal: served.portal, target: defaultTarget, initiator, digests: "off", changerLun: 0, driveLuns: [1] });
  const openAs = (host: string, key: Uint8Array): LibraryAccess => openLibrary(config(`iqn.2026-11.test:${host}`), noLock, machine, key);

  it("gives a drive to one of them at a time, also after one died with it", async () => {
    const [one, other] = [openAs("one", ours), openAs("other", theirs)];
    const changer = await one.openChanger();
    const { elements } = await changer.inventory();
    const element = elements.find(({ kind }) => kind === "drive")!;
    await changer.move(elements.find(({ barcode }) => barcode === "SR0001L8")!, element);
    const drive = await one.openDrive(element);
    expect([drive.reservation, await drive.ready(5000), await drive.writeBlock(new Uint8Array(1024))]).toEqual(["held", "ready", "written"]);
    await expect(other.openDrive(element)).rejects.toThrow(/another Strongroom appliance .* coming from iqn\.2026-11\.test:one/);
    // The first session never ends in an orderly way; its appliance comes back with another one.
    const again = await openAs("one", ours).openDrive(element);
    expect(await again.ready(5000)).toBe("ready");
    await expect(drive.writeBlock(new Uint8Array(1024))).rejects.toMatchObject({ code: "RESERVATION_LOST" });
    await again.close();
    const next = await other.openDrive(element);
    expect([next.reservation, await next.ready(5000)]).toEqual(["held", "ready"]);
    for (const each of [next, drive, changer]) await each.close();
  });

  it("is archived to and restored from with reservations, keys looked for, and block CRCs", async () => {
    const appliance = await makeAppliance({
      openLibrary: (library) => openLibrary(library, (name, purpose) => appliance.parts.state.lock(name, purpose), machine, ours),
    });
    const { operations, keyFile } = appliance;
    const source = join(appliance.folder, "source");
    mkdirSync(source);
    for (let number = 0; number < 12; number += 1) writeFileSync(join(source, `part-${String(number)}`), randomBytes(200_000));
    appliance.parts.configStore.addLibrary(config("iqn.2026-11.test:one"));
    await operations.pool.create({ name: "vault", kind: "tape", library: "network" });
    await operations.archive.create({ name: "docs", sources: [{ name: "source", path: source }], pools: ["vault"], segmentSizeBytes: 256 * 1024 });
    expect(await operations.archive.run("docs", { full: false }, quietly)).toMatchObject({ severity: "ok" });
    expect(await operations.drive.show("network", 0)).toMatchObject({ reservation: "held", encryption: { kind: "off" }, protectsBlocks: true });
    const back = join(appliance.folder, "back");
    // Three of twelve parts lie apart on the tape, so an order is asked for.
    const paths = ["part-1", "part-5", "part-9"].map((name) => Buffer.from(name));
    const request = { archive: "docs", snapshot: undefined, paths, target: back, keyFile, passphrase: passphraseBytes } as const;
    const restored = await operations.file.restore({ ...request, whenExists: "refuse", owners: "by-number", includeDamaged: false }, quietly);
    expect(restored.problems).toEqual([]);
    for (const path of paths) execFileSync("cmp", [join(source, path.toString()), join(back, path.toString())]);
    await appliance.close();
  });
});
