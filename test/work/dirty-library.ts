import type { Element, ElementKind, ElementReference, MediaChanger } from "../../src/devices/changer/index.ts";
import type { TapeDrive } from "../../src/devices/tape/index.ts";
import { attributeId, buildSense, parseSense, type Sense, SenseError } from "../../src/scsi/index.ts";
import { StrongroomError } from "../../src/words/index.ts";
import type { LibraryAccess } from "../../src/work/mount/index.ts";
import { silentDrive } from "../devices/health-samples.ts";
import { memoryDrive } from "../media/memory-drive.ts";

/** How a cleaning cartridge behaves in the drives of this library. */
export interface CleaningBehaviour {
  /** How often the drive is asked before it lets go. */
  readonly answersUntilDone: number;
  /** What it says then: that there is no medium, or still that a cleaning cartridge is in it. */
  readonly says: "no-medium" | "cleaning";
  readonly cleans: boolean;
  readonly alerts: readonly number[];
  readonly memory: { readonly uses: number; readonly maxUses: number } | undefined;
  /** The changer never says whether it could take a cartridge from a drive. */
  readonly blindChanger: boolean;
}

export const wellBehaved: CleaningBehaviour = {
  answersUntilDone: 3, says: "no-medium", cleans: true, alerts: [], memory: undefined, blindChanger: false,
};

/** A library with two drives and four slots that says what it did. Its drives are dirty when they are called so. */
export class DirtyLibrary implements LibraryAccess {
  readonly name = "vtl";
  readonly dirty = new Set<number>();
  /** Drives that say with an answer, and nowhere else, that they want cleaning. */
  readonly remarking = new Set<number>();
  /** Cleaning cartridges without the label. */
  readonly cleaners = new Set<string>();
  /** Cleaning cartridges with nothing left: drives eject them and say so. */
  readonly spent = new Set<string>();
  readonly moves: string[] = [];
  behaviour: CleaningBehaviour = wellBehaved;
  readonly #places = new Map<string, string>();
  /** Drive → how often it was asked since a cleaning cartridge came. */
  readonly #asked = new Map<number, number>();
  readonly #ejected = new Set<number>();

  constructor(slots: readonly (string | undefined)[]) {
    slots.forEach((barcode, at) => { if (barcode !== undefined) this.#places.set(`slot:${String(at + 1)}`, barcode); });
  }

  where(barcode: string): string | undefined {
    return [...this.#places].find(([, known]) => known === barcode)?.[0];
  }

  openChanger(): Promise<MediaChanger> {
    return Promise.resolve({
      name: "changer",
      identity: () => Promise.resolve({ vendor: "V", product: "P", revision: "R", serial: "S" }),
      ready: () => Promise.resolve(),
      inventory: () => Promise.resolve({ elements: this.#elements() }),
      audit: () => Promise.resolve(),
      move: (from, to) => Promise.resolve().then(() => { this.#move(from, to); }),
      close: () => Promise.resolve(),
      exchange: () => Promise.resolve("unsupported"),
      mailSlots: () => Promise.resolve("unsupported"),
      holdMailSlots: () => Promise.resolve("unsupported"),
      condition: () => Promise.resolve({ ready: true, code: undefined, sentence: "ready", advice: undefined }),
    });
  }

  openDrive({ number }: Element): Promise<TapeDrive> {
    const drive = memoryDrive();
    return Promise.resolve({
      ...drive,
      asksForCleaning: this.remarking.has(number),
      identity: () => Promise.resolve({ vendor: "V", product: "P", revision: "R", serial: `DRIVE${String(number)}` }),
      ready: () => Promise.resolve().then(() => this.#ready(number)),
      unload: () => Promise.resolve().then(() => { this.#ejected.add(number); }),
      tapeAlerts: () => Promise.resolve(this.#alerts(number)),
      readAttribute: (id) => Promise.resolve(this.#attribute(number, id)),
      health: () => Promise.resolve({ findings: [], cleaning: this.dirty.has(number) ? "needed" : "none", drive: silentDrive, cartridge: undefined }),
    });
  }

  #elements(): Element[] {
    const element = (kind: ElementKind, number: number): Element => {
      const barcode = this.#places.get(`${kind}:${String(number)}`);
      const accessible = kind !== "drive" || barcode === undefined || this.behaviour.blindChanger || this.#hasLetGo(number);
      return { kind, number, address: number, full: barcode !== undefined, barcode, source: undefined, accessible, driveSerial: undefined, exception: undefined };
    };
    return [element("drive", 0), element("drive", 1), ...[1, 2, 3, 4].map((number) => element("slot", number))];
  }

  #move(from: ElementReference, to: ElementReference): void {
    const [source, target] = [`${from.kind}:${String(from.number)}`, `${to.kind}:${String(to.number)}`];
    const barcode = this.#places.get(source);
    if (barcode === undefined || this.#places.has(target)) throw new StrongroomError("failed", "MOVE_FAILED", `cannot move from ${source} to ${target}`);
    if (from.kind === "drive" && !this.#hasLetGo(from.number)) throw new StrongroomError("busy", "MEDIUM_LOCKED", "the drive has not let go");
    this.#places.delete(source);
    this.#places.set(target, barcode);
    this.moves.push(`${barcode} ${source} ${target}`);
    if (to.kind === "drive") {
      this.#asked.set(to.number, 0);
      this.#ejected.delete(to.number);
    }
  }

  #cleaningIn(drive: number): string | undefined {
    const barcode = this.#places.get(`drive:${String(drive)}`);
    return barcode !== undefined && (barcode.startsWith("CLN") || this.cleaners.has(barcode)) ? barcode : undefined;
  }

  #alerts(drive: number): readonly number[] {
    const cleaning = this.#cleaningIn(drive);
    if (cleaning === undefined) return [];
    return this.spent.has(cleaning) ? [22] : this.behaviour.alerts;
  }

  #hasLetGo(drive: number): boolean {
    return this.#cleaningIn(drive) === undefined ? this.#ejected.has(drive) : (this.#asked.get(drive) ?? 0) >= this.behaviour.answersUntilDone;
  }

  #ready(drive: number): "ready" | "no-medium" {
    const barcode = this.#places.get(`drive:${String(drive)}`);
    if (barcode === undefined) return "no-medium";
    if (this.#cleaningIn(drive) === undefined) return this.#ejected.has(drive) ? "no-medium" : "ready";
    const asked = (this.#asked.get(drive) ?? 0) + 1;
    this.#asked.set(drive, asked);
    if (asked >= this.behaviour.answersUntilDone) {
      if (this.behaviour.cleans && !this.spent.has(barcode)) this.dirty.delete(drive);
      if (this.behaviour.says === "no-medium") return "no-medium";
    }
    throw new StrongroomError("temporary", "NOT_READY", "a cleaning cartridge is at work", { cause: new SenseError(cleaningInstalled) });
  }

  #attribute(drive: number, id: number): Uint8Array | undefined {
    const { memory } = this.behaviour;
    if (memory === undefined || this.#cleaningIn(drive) === undefined) return undefined;
    const values: Readonly<Record<number, number>> = {
      [attributeId.mediumType]: 1, [attributeId.loadCount]: memory.uses, [attributeId.mediumTypeInformation]: memory.maxUses,
    };
    const value = values[id];
    return value === undefined ? undefined : Uint8Array.of(0, value);
  }
}

const cleaningInstalled: Sense = parseSense(
  buildSense({ deferred: false, key: 2, asc: 0x30, ascq: 3, filemark: false, endOfMedium: false, incorrectLength: false }, "fixed"),
)!;
