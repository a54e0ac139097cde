import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMediaChanger } from "../../../src/devices/changer/index.ts";
import { openTapeDrive } from "../../../src/devices/tape/index.ts";
import { iscsi, parseSense, status, type Transport } from "../../../src/scsi/index.ts";
import { discoverIscsiTargets, type IscsiOptions, type IscsiTransports, openIscsiTransports } from "../../../src/transports/iscsi/index.ts";
import { systemClock, systemRandom } from "../../../src/words/index.ts";
import { counting, initiator, testUnitReady } from "./setting.ts";
import { startTgt, type Tgt, tgtMissing } from "./tgt.ts";

if (tgtMissing !== undefined) console.log(`left out: ${tgtMissing}`);

// skip: tgtMissing says why
describe.skipIf(tgtMissing !== undefined)("against tgt (an iSCSI target of Debian)", () => {
  let tgt: Tgt;
  const folder = mkdtempSync(join(tmpdir(), "strongroom-tgt-test-"));
  const open: IscsiTransports[] = [];
  beforeAll(async () => { tgt = await startTgt(); });
  afterAll(async () => {
    for (const units of open) await units.close();
    await tgt.stop();
    rmSync(folder, { recursive: true });
  });

  const unitsOf = (target: string, options: Partial<IscsiOptions> = {}): IscsiTransports => {
    const units = openIscsiTransports({ portal: tgt.portal, target, initiator, clock: systemClock, random: systemRandom, ...options });
    open.push(units);
    return units;
  };

  it("lists its targets and their units", async () => {
    const target = await tgt.library("listed");
    const found = await discoverIscsiTargets({ portal: tgt.portal, initiator, clock: systemClock, random: systemRandom });
    expect(found).toContainEqual({ name: target, portals: [tgt.portal] });
    expect(await unitsOf(target).reportLuns()).toEqual([0, 1, 2, 3]);
    await expect(unitsOf(`${target}-not`).transport(1)).rejects.toMatchObject({ code: "ISCSI_TARGET_MISSING" });
  });

  it.each(["off", "required"] as const)("writes and reads a tape in blocks of 512 KiB, digests %s", async (digests) => {
    const target = await tgt.library("tape", { loaded: "TAPE01L8", sizeMiB: 32 });
    for (const key of ["HeaderDigest", "DataDigest"]) {
      await tgt.admin(`--mode target --op update --tid ${target.split("-").at(-1) ?? ""} --name ${key} --value ${digests === "off" ? "None" : "CRC32C"}`);
    }
    const units = unitsOf(target, { digests });
    const drive = openTapeDrive(await units.transport(1), systemClock);
    expect(await drive.ready(5000)).toBe("ready");
    expect(await drive.identity()).toMatchObject({ vendor: "IET", product: "VIRTUAL-TAPE", serial: "DRIVE00001" });
    await drive.rewind();
    const sizes = [524_288, 524_288, 524_287, 1, 65_537, 1_048_576];
    for (const size of sizes) expect(await drive.writeBlock(counting(size))).toBe("written");
    expect(await drive.writeFilemarks(1)).toBe("written");
    await drive.rewind();
    const room = new Uint8Array(1_048_576);
    for (const size of sizes) {
      // This target reports a block that is shorter than the room only when asked for its very size.
      const target = room.subarray(0, size);
      target.fill(0);
      expect(await drive.readBlock(target)).toEqual({ kind: "block", sizeBytes: size });
      expect(Buffer.compare(target, counting(size))).toBe(0);
    }
    expect(await drive.readBlock(room)).toEqual({ kind: "filemark" });
    await units.close();
  });

  it("moves cartridges and drives the tape over one session", async () => {
    const units = unitsOf(await tgt.library("moved", { cartridges: ["SLOT01L8", "SLOT02L8"] }));
    const changer = openMediaChanger(await units.transport(3), systemClock);
    const drive = openTapeDrive(await units.transport(1), systemClock);
    expect(await drive.ready(0)).toBe("no-medium");
    await changer.move({ kind: "slot", number: 2 }, { kind: "drive", number: 0 });
    expect(await drive.ready(5000)).toBe("ready");
    const [, inventory] = await Promise.all([drive.rewind(), changer.inventory()]);
    expect(inventory.elements.find(({ kind }) => kind === "drive")).toMatchObject({ full: true, barcode: "SLOT02L8" });
    await units.close();
  });

  it("lets in who knows the secret, and nobody else", async () => {
    const target = await tgt.library("secret");
    const secretFile = join(folder, "secret");
    const targetFile = join(folder, "target-secret");
    writeFileSync(secretFile, "secret-of-initiator\n", { mode: 0o600 });
    writeFileSync(targetFile, "secret-of-target", { mode: 0o600 });
    await tgt.admin("--mode account --op new --user strongroom --password secret-of-initiator");
    await tgt.admin("--mode account --op new --user library --password secret-of-target");
    const tid = target.split("-").at(-1) ?? "";
    await tgt.admin(`--mode account --op bind --tid ${tid} --user strongroom`);
    await tgt.admin(`--mode account --op bind --tid ${tid} --user library --outgoing`);
    const chap = { user: "strongroom", secretFile };
    const answered = async (options: Partial<IscsiOptions>): Promise<number> => {
      const units = unitsOf(target, options);
      const { status: code } = await (await units.transport(3)).execute(testUnitReady);
      await units.close();
      return code;
    };
    expect(await answered({ chap })).toBe(status.checkCondition);
    expect(await answered({ chap: { ...chap, target: { user: "library", secretFile: targetFile } } })).toBe(status.checkCondition);
    await expect(answered({})).rejects.toMatchObject({ code: "ISCSI_DENIED" });
    await expect(answered({ chap: { user: "strongroom", secretFile: targetFile } })).rejects.toMatchObject({ code: "ISCSI_DENIED" });
    writeFileSync(join(folder, "wrong"), "no-secret-of-target", { mode: 0o600 });
    await expect(answered({ chap: { ...chap, target: { user: "library", secretFile: join(folder, "wrong") } } })).rejects.toMatchObject({ code: "ISCSI_DENIED" });
  });

  it("says after a loss that the session is new, before anything else is done", async () => {
    const target = await tgt.library("lost", { loaded: "TAPE01L8" });
    const relay = await startRelay(tgt.portal);
    const units = unitsOf(target, { portal: relay.portal });
    const unit = await units.transport(1);
    await untilGood(unit);
    relay.cut();
    await expect(unit.execute(testUnitReady)).rejects.toMatchObject({ code: "TRANSPORT_LOST" });
    await unit.close();
    const again = await units.transport(1);
    const attention = await again.execute(testUnitReady);
    expect(attention.status).toBe(status.checkCondition);
    expect(parseSense(attention.sense)).toMatchObject({ key: 6, asc: 0x29 });
    await untilGood(again);
    const drive = openTapeDrive(again, systemClock);
    expect(await drive.ready(0)).toBe("ready");
    await units.close();
    relay.close();
  });

  it("reads a disk through units numbered as the target numbers them", async () => {
    const units = unitsOf(await tgt.library("disk"));
    const unit = await units.transport(2);
    await untilGood(unit);
    const written = counting(700 * 512);
    const cdb = (operation: number): Uint8Array => Uint8Array.of(operation, 0, 0, 0, 0, 8, 0, 700 >> 8, 700 & 0xff, 0);
    expect(await unit.execute({ cdb: cdb(0x2a), dataOut: written, timeoutMs: 10_000 })).toMatchObject({ status: status.good, transferredBytes: written.length });
    const dataIn = new Uint8Array(written.length);
    expect(await unit.execute({ cdb: cdb(0x28), dataIn, timeoutMs: 10_000 })).toMatchObject({ status: status.good, transferredBytes: written.length });
    expect(Buffer.compare(dataIn, written)).toBe(0);
    // More room than data: the target says how much is left over.
    const wide = new Uint8Array(written.length + 512);
    expect(await unit.execute({ cdb: cdb(0x28), dataIn: wide, timeoutMs: 10_000 })).toMatchObject({ transferredBytes: written.length });
    await units.close();
  });
});

/** Passes over what a new session begins with. */
async function untilGood(unit: Transport): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    if ((await unit.execute(testUnitReady)).status === status.good) return;
  }
  throw new Error(`${unit.name} does not become ready`);
}

interface Relay {
  readonly portal: string;
  /** Cuts every connection. */
  cut(): void;
  close(): void;
}

async function startRelay(portal: string): Promise<Relay> {
  const { host, port } = iscsi.parsePortal(portal)!;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect({ host, port });
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => { socket.destroy(); });
      socket.on("close", () => { other.destroy(); });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = (): void => { for (const socket of sockets) socket.destroy(); };
  return {
    portal: `127.0.0.1:${String(typeof address === "object" && address !== null ? address.port : 0)}`,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}
