import type { Severity } from "../words/index.ts";

/** What an active TapeAlert flag means for the people at the drive (SSC-5, 4.2.17 and annex A). */
export interface TapeAlert {
  readonly flag: number;
  readonly name: string;
  readonly severity: Severity;
  /** What is at fault, as far as the flag says. `unknown`: drive or cartridge, to be found out by trying each with another. */
  readonly blames: Culprit;
  readonly advice: string;
}

export type Culprit = "drive" | "cartridge" | "library" | "host" | "unknown";

const copyAndRetire = "copy what is on this cartridge to another one and retire it";
const service = "have the drive serviced";
const readThrough = "read the cartridge from beginning to end once";

type Meaning = readonly [name: string, severity: Severity, blames: Culprit, advice: string];

/** All flags that the standard ever gave a meaning to: loaders of old still raise 40 to 46. */
const known: ReadonlyMap<number, Meaning> = new Map([
  [1, ["read warning", "warn", "unknown", "the drive has trouble reading: clean it, and verify the cartridge"]],
  [2, ["write warning", "warn", "unknown", "the drive has trouble writing: clean it, and verify the cartridge"]],
  [3, ["hard error", "err", "unknown", "an operation failed: clean the drive, and try the cartridge in another one"]],
  [4, ["medium error", "err", "cartridge", copyAndRetire]],
  [5, ["read failure", "err", "unknown", "the cartridge cannot be read here: try it in another drive"]],
  [6, ["write failure", "err", "unknown", "the cartridge cannot be written here: use another one, and test this one"]],
  [7, ["medium life", "warn", "cartridge", copyAndRetire]],
  [8, ["not data grade", "err", "cartridge", "replace the cartridge by a data-grade one"]],
  [9, ["write protect", "err", "cartridge", "slide the write-protect tab if the cartridge may be written"]],
  [10, ["no removal", "note", "host", "the drive is in use: eject by the appliance"]],
  [11, ["cleaning medium", "note", "cartridge", "a cleaning cartridge is in the drive: use a data cartridge"]],
  [12, ["unsupported format", "err", "cartridge", "the cartridge is of a kind that this drive cannot use"]],
  [13, ["recoverable mechanical failure", "err", "cartridge", "the cartridge has a mechanical fault: take it out and do not use it again"]],
  [14, ["unrecoverable mechanical failure", "err", "cartridge", "the tape snapped or is stuck: do not force it, " + service]],
  [15, ["memory chip failure", "warn", "cartridge", "the chip of the cartridge failed: " + copyAndRetire]],
  [16, ["forced eject", "err", "host", "the cartridge was ejected by hand while in use: verify it"]],
  [17, ["read-only format", "note", "cartridge", "the cartridge is of an older generation and can only be read here"]],
  [18, ["tape directory corrupted", "warn", "cartridge", "positioning is slow: " + readThrough]],
  [19, ["nearing medium life", "warn", "cartridge", "plan to replace the cartridge"]],
  [20, ["clean now", "err", "drive", "clean the drive now"]],
  [21, ["clean periodic", "warn", "drive", "clean the drive at the next opportunity"]],
  [22, ["expired cleaning medium", "err", "cartridge", "take the spent cleaning cartridge out and put a new one in"]],
  [23, ["invalid cleaning medium", "err", "cartridge", "use a cleaning cartridge that is made for this drive"]],
  [24, ["retension requested", "note", "cartridge", "wind the cartridge once from end to end"]],
  [25, ["port failure", "warn", "drive", "one port of the drive failed: check its cable; if that does not help, " + service]],
  [26, ["cooling fan failing", "warn", "drive", "see to the fan of the drive before it gets too hot"]],
  [27, ["power supply failing", "warn", "drive", "replace the failing power supply: a second one still carries the drive"]],
  [28, ["power consumption", "warn", "drive", "the drive draws more power than it should: " + service]],
  [29, ["maintenance due", "warn", "drive", "the drive is due for preventive maintenance (not cleaning): " + service]],
  [30, ["hardware A", "err", "drive", "power the drive off and on; if it comes back, " + service]],
  [31, ["hardware B", "err", "drive", "the drive failed its own test: " + service]],
  [32, ["interface", "warn", "host", "check the cable and the host adapter"]],
  [33, ["eject medium", "err", "unknown", "take the cartridge out and load it again"]],
  [34, ["firmware download failed", "warn", "drive", "get the firmware that is made for this drive, and load it again"]],
  [35, ["drive humidity", "warn", "drive", "it is too damp or too dry around the drive: see to the room"]],
  [36, ["drive temperature", "err", "drive", "see to the cooling"]],
  [37, ["drive voltage", "err", "drive", "see to the power supply"]],
  [38, ["predictive failure", "warn", "drive", service]],
  [39, ["diagnostics required", "warn", "drive", service]],
  [40, ["loader hardware A", "err", "library", "power the library off and on; if it comes back, have it serviced"]],
  [41, ["loader stray cartridge", "err", "library", "a cartridge was left where none belongs: open the library and look"]],
  [42, ["loader hardware B", "warn", "library", "have the library serviced"]],
  [43, ["loader door", "err", "library", "close the door of the library"]],
  [44, ["loader hardware C", "err", "library", "have the library serviced"]],
  [45, ["loader magazine", "err", "library", "put the magazine back in"]],
  [46, ["loader predictive failure", "warn", "library", "have the library serviced"]],
  [49, ["diminished native capacity", "warn", "cartridge", "the cartridge takes less than it should: replace it when it is full"]],
  [50, ["lost statistics", "note", "drive", "the counters of drive or cartridge start anew: do not judge by them"]],
  [51, ["tape directory invalid at unload", "warn", "cartridge", readThrough]],
  [52, ["tape system area write failure", "err", "cartridge", copyAndRetire]],
  [53, ["tape system area read failure", "err", "cartridge", copyAndRetire]],
  [54, ["no start of data", "err", "cartridge", "the beginning of the tape cannot be found: it was erased by a magnet, or is no tape of this kind"]],
  [55, ["loading failure", "err", "unknown", "take the cartridge out and look at it; try it in another drive"]],
  [56, ["unrecoverable unload failure", "err", "drive", "the cartridge is stuck: " + service]],
  [57, ["automation interface failure", "err", "library", "check how the drive sits in the library; if that does not help, " + service]],
  [58, ["firmware failure", "err", "drive", "update the firmware of the drive"]],
  [59, ["WORM integrity check failed", "err", "cartridge", "the cartridge may have been tampered with: set it aside"]],
  [60, ["WORM overwrite attempted", "err", "host", "use a cartridge that can be written over"]],
]);

/** Flags the standard leaves open are shown as they are: something is there that the drive wanted to say. */
export function tapeAlert(flag: number): TapeAlert {
  const unknown: Meaning = [`flag ${String(flag)}`, "warn", "unknown", "look it up in the drive's manual"];
  const [name, severity, blames, advice] = known.get(flag) ?? unknown;
  return { flag, name, severity, blames, advice };
}
