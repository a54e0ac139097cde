import type { CleaningNeed, TapeDrive } from "../devices/tape/index.ts";
import { asStrongroomError } from "../words/index.ts";
import type { CleaningNews } from "../work/mount/index.ts";
import { cartridgeNumbers, driveNumbers, driveSubject, growthFindings, labelFindings, takeDown } from "./drive-readings.ts";
import type { OperationParts } from "./parts.ts";

/** A cartridge that somebody has done with, still in its drive. */
export interface Released {
  readonly library: string;
  readonly driveNumber: number;
  readonly barcode: string;
  readonly drive: TapeDrive;
}

/**
 * Looks at drive and cartridge each time one has been used, so that there is something to compare with, and that an alert is not found weeks
 * later. The work is done by then: what happened in it is a warning at most, and what has long been so a note, lest every run with an old
 * cartridge ends with a warning. Each is told once for each drive or cartridge; a look that fails is no matter.
 */
export class DriveWatch {
  readonly #parts: OperationParts;
  readonly #tell: (news: CleaningNews) => void;
  readonly #told = new Set<string>();

  constructor(parts: OperationParts, tell: (news: CleaningNews) => void) {
    this.#parts = parts;
    this.#tell = tell;
  }

  /** What the drive says of cleaning; undefined when it could not be asked. */
  async look(released: Released): Promise<CleaningNeed | undefined> {
    try {
      return await this.#look(released);
    } catch (thrown) {
      if (asStrongroomError(thrown).kind === "internal") throw thrown;
      return undefined;
    }
  }

  async #look({ library, driveNumber, barcode, drive }: Released): Promise<CleaningNeed> {
    const { upkeep, clock } = this.#parts;
    const { serial } = await drive.identity();
    const health = await drive.health({ withCartridge: true, mayClearAlerts: true });
    const timeMs = clock.nowMs();
    const ofDrive = takeDown(upkeep, { subject: driveSubject(library, driveNumber, serial), timeMs, numbers: driveNumbers(health.drive) });
    const findings = [...growthFindings(ofDrive.sinceMs, ofDrive.changes, "drive"), ...health.findings];
    if (health.cartridge !== undefined) {
      const ofCartridge = takeDown(upkeep, { subject: `cartridge ${barcode}`, timeMs, numbers: cartridgeNumbers(health.cartridge) });
      findings.push(...growthFindings(ofCartridge.sinceMs, ofCartridge.changes, "cartridge"), ...labelFindings(barcode, health.cartridge.memory));
    }
    for (const { severity, code, blames, text, advice } of findings) {
      // Cleaning has its own news, when the next cartridge comes.
      if (severity === "note" || code.startsWith("CLEANING_")) continue;
      const key = `${code} ${blames === "drive" ? serial : barcode}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      this.#tell({ severity: happenedNow(code) ? "warn" : "note", code, text: `drive ${String(driveNumber)} of library ${library} with ${barcode}: ${text}; ${advice}` });
    }
    return health.cleaning;
  }
}

/** Active alerts, errors of this mount, and what grew; the others are facts of a whole life. */
function happenedNow(code: string): boolean {
  return code.startsWith("TAPE_ALERT_") || code.endsWith("_GREW") || ["WRITE_ERRORS", "READ_ERRORS", "CARTRIDGE_ERRORS"].includes(code);
}
