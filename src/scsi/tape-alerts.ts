import type { Severity } from "../words/index.ts";

/** What an active TapeAlert flag means for the people at the drive (SSC-5, 4.2.17 and annex A). */
export interface TapeAlert {
  readonly flag: number;
  readonly name: string;
  readonly severity: Severity;
  readonly advice: string;
}

const copyAndRetire = "copy what is on this cartridge to another one and retire it";
const clean = "clean the drive now";
const service = "have the drive serviced";

const known: ReadonlyMap<number, readonly [name: string, severity: Severity, advice: string]> = new Map([
  [1, ["read warning", "warn", "the drive has trouble reading: clean it, and verify the cartridge"]],
  [2, ["write warning", "warn", "the drive has trouble writing: clean it, and verify the cartridge"]],
  [3, ["hard error", "err", "an operation failed: clean the drive, and try the cartridge in another one"]],
  [4, ["medium error", "err", copyAndRetire]],
  [5, ["read failure", "err", "the cartridge cannot be read here: try it in another drive"]],
  [6, ["write failure", "err", "the cartridge cannot be written here: use another one, and test this one"]],
  [7, ["medium life", "warn", copyAndRetire]],
  [8, ["not data grade", "err", "replace the cartridge by a data-grade one"]],
  [9, ["write protect", "err", "slide the write-protect tab if the cartridge may be written"]],
  [10, ["no removal", "note", "the drive is in use: eject by the appliance"]],
  [11, ["cleaning medium", "note", "a cleaning cartridge is in the drive: use a data cartridge"]],
  [12, ["unsupported format", "err", "the cartridge is of a kind that this drive cannot use"]],
  [13, ["recoverable mechanical failure", "err", service]],
  [14, ["unrecoverable mechanical failure", "err", "the tape snapped or is stuck: do not force it, have the drive serviced"]],
  [15, ["memory chip failure", "warn", "the chip of the cartridge failed: " + copyAndRetire]],
  [16, ["forced eject", "err", "the cartridge was ejected by hand while in use: verify it"]],
  [17, ["read-only format", "note", "the cartridge is of an older generation and can only be read here"]],
  [18, ["tape directory corrupted", "warn", "positioning is slow: read the cartridge from beginning to end once"]],
  [19, ["nearing medium life", "warn", "plan to replace the cartridge"]],
  [20, ["clean now", "err", clean]],
  [21, ["clean periodic", "warn", "clean the drive at the next opportunity"]],
  [22, ["expired cleaning medium", "err", "use a new cleaning cartridge"]],
  [23, ["invalid cleaning medium", "err", "use a cleaning cartridge that is made for this drive"]],
  [24, ["retension requested", "note", "wind the cartridge once from end to end"]],
  [30, ["hardware A", "err", "power the drive off and on; if it comes back, " + service]],
  [31, ["hardware B", "err", service]],
  [32, ["interface", "warn", "check the cable and the host adapter"]],
  [33, ["eject medium", "err", "take the cartridge out and load it again"]],
  [35, ["drive requires more power", "err", service]],
  [36, ["drive temperature", "err", "see to the cooling"]],
  [37, ["drive voltage", "err", "see to the power supply"]],
  [38, ["predictive failure", "warn", service]],
  [39, ["diagnostics required", "warn", service]],
  [51, ["tape directory invalid at unload", "warn", "read the cartridge from beginning to end once"]],
  [52, ["tape system area write failure", "err", copyAndRetire]],
  [53, ["tape system area read failure", "err", copyAndRetire]],
  [55, ["loading failure", "err", "take the cartridge out and look at it; try it in another drive"]],
  [56, ["unrecoverable unload failure", "err", "the cartridge is stuck: " + service]],
  [58, ["firmware failure", "err", "update the firmware of the drive"]],
  [59, ["WORM integrity check failed", "err", "the cartridge may have been tampered with: set it aside"]],
  [60, ["WORM overwrite attempted", "err", "use a cartridge that can be written over"]],
]);

/** Flags the standard leaves open are shown as they are: something is there that the drive wanted to say. */
export function tapeAlert(flag: number): TapeAlert {
  const [name, severity, advice] = known.get(flag) ?? [`flag ${String(flag)}`, "warn" as const, "look it up in the drive's manual"];
  return { flag, name, severity, advice };
}
