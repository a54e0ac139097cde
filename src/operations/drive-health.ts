import type { Element } from "../devices/changer/index.ts";
import type { DriveEncryption, DriveHealth, HealthFinding, TapeDrive } from "../devices/tape/index.ts";
import { asStrongroomError, printable, severities, worst } from "../words/index.ts";
import type { DriveHealthReport } from "./contract.ts";
import { cartridgeNumbers, driveNumbers, driveSubject, growthFindings, labelFindings, takeDown } from "./drive-readings.ts";
import type { OperationParts } from "./parts.ts";

const readyTimeoutMs = 60_000;
const cleaningsShown = 5;

/** Asks, writes down, compares with the last time. */
export async function driveHealth(parts: OperationParts, library: string, element: Element, drive: TapeDrive): Promise<DriveHealthReport> {
  const { vendor, product, revision, serial } = await drive.identity();
  const { isReady, trouble } = await look(drive);
  const health = await drive.health({ withCartridge: isReady, mayClearAlerts: true });
  const timeMs = parts.clock.nowMs();
  const ofDrive = takeDown(parts.upkeep, { subject: driveSubject(library, element.number, serial), timeMs, numbers: driveNumbers(health.drive) });
  const barcode = element.barcode ?? health.cartridge?.memory?.barcode;
  const ofCartridge = compareCartridge(parts, timeMs, barcode, health);
  const findings = [
    ...trouble,
    ...keyFindings(await drive.encryption()),
    ...growthFindings(ofDrive.sinceMs, ofDrive.changes, "drive"),
    ...growthFindings(ofCartridge?.sinceMs, ofCartridge?.changes ?? [], "cartridge"),
    ...labelFindings(element.barcode, health.cartridge?.memory),
    ...health.findings,
  ].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  return {
    library, number: element.number, barcode, state: element.full ? "loaded" : "empty", detail: "", vendor, product, revision, serial,
    severity: findings.map(({ severity }) => severity).reduce(worst, "ok"),
    findings,
    cleaning: health.cleaning,
    cleanings: parts.upkeep.cleanings(library, element.number, cleaningsShown),
    drive: health.drive,
    cartridge: health.cartridge,
    sinceLastLook: ofDrive,
    cartridgeSinceLastLook: ofCartridge,
  };
}

/** A drive that is not ready still tells of itself; that it is not ready is the first thing to know. */
async function look(drive: TapeDrive): Promise<{ readonly isReady: boolean; readonly trouble: readonly HealthFinding[] }> {
  try {
    return { isReady: (await drive.ready(readyTimeoutMs)) === "ready", trouble: [] };
  } catch (thrown) {
    const { kind, code, message, hint } = asStrongroomError(thrown);
    if (kind === "internal" || kind === "busy" || code.startsWith("TRANSPORT_")) throw thrown;
    return { isReady: false, trouble: [{ severity: "err", code, blames: "unknown", text: message, advice: hint ?? "look at the drive's display" }] };
  }
}

/** A key that somebody left in a drive makes what it writes unreadable elsewhere. */
function keyFindings(encryption: DriveEncryption): readonly HealthFinding[] {
  if (encryption.kind !== "on") return [];
  const called = encryption.keyName === undefined ? "" : ` called ${printable(encryption.keyName)}`;
  const does = encryption.encrypts ? "encrypts what it writes" : "decrypts what it reads";
  const text = `the drive ${does} with a key${called} that somebody set (${encryption.setBy}, for ${encryption.scope})`;
  const advice = "find out who set it; nothing of Strongroom is written there while it encrypts. Switching the drive off and on takes most keys away";
  return [{ severity: encryption.encrypts ? "err" : "warn", code: "DRIVE_HAS_KEY", blames: "host", text, advice }];
}

function compareCartridge(parts: OperationParts, timeMs: number, barcode: string | undefined, { cartridge }: DriveHealth): DriveHealthReport["cartridgeSinceLastLook"] {
  if (cartridge === undefined || barcode === undefined || barcode === "") return undefined;
  return takeDown(parts.upkeep, { subject: `cartridge ${barcode}`, timeMs, numbers: cartridgeNumbers(cartridge) });
}
