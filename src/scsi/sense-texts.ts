import { type Sense, senseCode } from "./sense.ts";

const keys = [
  "no sense", "recovered error", "not ready", "medium error", "hardware error", "illegal request", "unit attention", "data protect",
  "blank check", "vendor specific", "copy aborted", "aborted command", "reserved", "volume overflow", "miscompare", "completed",
] as const;

/** `asc << 8 | ascq` → what it means, for what tape drives and changers say (SPC-5, annex F.2). */
const codes: ReadonlyMap<number, string> = new Map([
  [0x0000, "no additional information"], [0x0001, "filemark detected"], [0x0002, "end of partition or medium detected"],
  [0x0004, "beginning of partition or medium detected"], [0x0005, "end of data detected"],
  [0x0007, "programmable early warning detected"], [0x0016, "operation in progress"], [0x0017, "cleaning requested"],
  [0x0018, "erase operation in progress"], [0x0019, "locate operation in progress"], [0x001a, "rewind operation in progress"],
  [0x0300, "peripheral device write fault"], [0x0400, "not ready, cause not reportable"], [0x0401, "becoming ready"],
  [0x0402, "initializing command required"], [0x0403, "manual intervention required"], [0x0404, "format in progress"],
  [0x0407, "operation in progress"], [0x0409, "self-test in progress"], [0x0412, "offline"],
  [0x0410, "cartridge memory not accessible"], [0x0800, "communication failure"], [0x0900, "track following error"],
  [0x0c00, "write error"], [0x1100, "unrecovered read error"], [0x1108, "incomplete block read"],
  [0x1112, "cartridge memory read error"], [0x1400, "recorded entity not found"], [0x1401, "record not found"],
  [0x1402, "filemark not found"], [0x1403, "end of data not found"], [0x1500, "random positioning error"],
  [0x1501, "mechanical positioning error"], [0x1a00, "parameter list length error"], [0x2000, "invalid command operation code"],
  [0x2101, "invalid element address"], [0x2400, "invalid field in CDB"], [0x2500, "logical unit not supported"],
  [0x2600, "invalid field in parameter list"], [0x2700, "write protected"], [0x2701, "hardware write protected"],
  [0x2702, "logical unit software write protected"], [0x2703, "associated write protect"], [0x2704, "persistent write protect"],
  [0x2705, "permanent write protect"], [0x2800, "not ready to ready change, medium may have changed"],
  [0x2801, "import or export element accessed"], [0x2900, "power on, reset or bus device reset"], [0x2901, "power on"],
  [0x2902, "bus reset"], [0x2903, "bus device reset"], [0x2904, "device internal reset"], [0x2907, "I_T nexus loss"],
  [0x2a00, "parameters changed"], [0x2a01, "mode parameters changed"], [0x2a02, "log parameters changed"],
  [0x2a03, "reservations preempted"], [0x2a10, "timestamp changed"], [0x2f00, "commands cleared by another initiator"],
  [0x3000, "incompatible medium"], [0x3001, "cannot read medium, unknown format"], [0x3002, "cannot read medium, incompatible format"],
  [0x3003, "cleaning cartridge installed"], [0x3004, "cannot write medium, unknown format"],
  [0x3005, "cannot write medium, incompatible format"], [0x3007, "cleaning failure"], [0x300c, "WORM medium, overwrite attempted"],
  [0x300d, "WORM medium, integrity check"], [0x3100, "medium format corrupted"], [0x3300, "tape length error"],
  [0x3700, "rounded parameter"], [0x3900, "saving parameters not supported"], [0x3a00, "medium not present"],
  [0x3a01, "medium not present, tray closed"], [0x3a02, "medium not present, tray open"], [0x3a03, "medium not present, loadable"],
  [0x3a04, "medium not present, auxiliary memory accessible"], [0x3b00, "sequential positioning error"],
  [0x3b08, "reposition error"], [0x3b0d, "medium destination element full"], [0x3b0e, "medium source element empty"],
  [0x3b11, "medium magazine not accessible"], [0x3b12, "medium magazine removed"], [0x3b13, "medium magazine inserted"],
  [0x3b14, "medium magazine locked"], [0x3b15, "medium magazine unlocked"],
  [0x3e00, "logical unit has not self-configured yet"], [0x3e02, "timeout on logical unit"], [0x3f00, "operating conditions changed"],
  [0x3f01, "microcode changed"], [0x3f03, "inquiry data changed"], [0x3f0e, "reported LUNs data changed"],
  [0x4000, "diagnostic failure"], [0x4400, "internal target failure"], [0x4500, "select or reselect failure"],
  [0x4b00, "data phase error"], [0x4e00, "overlapped commands attempted"], [0x5000, "write append error"],
  [0x5001, "write append position error"], [0x5100, "erase failure"], [0x5200, "cartridge fault"],
  [0x5300, "medium load or eject failed"], [0x5301, "unload tape failure"], [0x5302, "medium removal prevented"],
  [0x5303, "medium removal prevented by data transfer element"], [0x5304, "medium thread or unthread failure"],
  [0x5500, "system resource failure"], [0x5a01, "operator medium removal request"], [0x5d00, "failure prediction threshold exceeded"],
  [0x7400, "security error"], [0x7401, "unable to decrypt data"], [0x7402, "unencrypted data encountered while decrypting"],
  [0x7403, "incorrect data encryption key"], [0x8300, "barcode not readable"],
]);

/** For people: `medium error: unrecovered read error (3/11/00)`. */
export function describeSense(sense: Sense): string {
  const key = keys[sense.key] ?? "reserved";
  const text = codes.get(senseCode(sense));
  const numbers = `${sense.key.toString(16)}/${hex(sense.asc)}/${hex(sense.ascq)}`;
  return `${sense.deferred ? "deferred " : ""}${key}${text === undefined ? "" : `: ${text}`} (${numbers})`;
}

/** The text of a code alone, as elements of a changer report it. */
export function describeSenseCode(code: number): string {
  return codes.get(code) ?? `additional sense ${hex(code >> 8)}/${hex(code & 0xff)}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
