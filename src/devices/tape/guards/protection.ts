import {
  blockGuardBytes, buildMode6, controlDataProtection, inquiryCdb, type ModeData, modePage, modeSelect6Cdb, modeSense6Cdb, type ModePage,
  parseMode6, parseProtectionMethods, senseKey, vitalPage,
} from "../../../scsi/index.ts";
import { StrongroomError } from "../../../words/index.ts";
import { type DriveChannel, isRemark } from "../channel.ts";
import { timeoutMs } from "../timeouts/index.ts";

/** How blocks are protected on their way: each ends with its CRC-32C, or with nothing. */
export type BlockProtection = "crc32c" | "off";

const doing = "setting how blocks are protected";
const allocationBytes = 255;
const crc32cMethod = 2;
/** LBP_W and LBP_R. RECOVER BUFFERED DATA, which RBDP is for, is never used, and drives that lack it refuse the bit. */
const bothDirections = 0xc0;

/**
 * Logical block protection (SSC-5, 4.2.29 and 8.3.9) of the path to one drive. A reset switches it off in the drive without a word to
 * whoever writes: the channel is told to set it again before the next block then, because a block with a guard that the drive does not
 * know about would be recorded four bytes too long.
 */
export class ProtectionSetting {
  readonly #channel: DriveChannel;
  #state: BlockProtection = "off";

  constructor(channel: DriveChannel) {
    this.#channel = channel;
  }

  get state(): BlockProtection {
    return this.#state;
  }

  /**
   * Whether there is such a setting, and CRC-32C among its methods: drives up to LTO-6 have another CRC alone, which no processor
   * helps with. Where a process that died left it on, it is switched off: other programs along this path would find
   * four bytes too many behind each block.
   */
  async isOffered(): Promise<boolean> {
    const found = await this.#page();
    if (found !== undefined && this.#state === "off" && (found.page.body[0] ?? 0) !== 0) await this.#apply("off");
    return found !== undefined && (await this.#knowsMethod());
  }

  /** A drive that does not say which methods it has may have this one: what it takes is seen when it is set. */
  async #knowsMethod(): Promise<boolean> {
    const page = await this.#channel.question(inquiryCdb(allocationBytes, vitalPage.blockProtection), allocationBytes, doing);
    const methods = page === undefined ? undefined : parseProtectionMethods(page);
    return methods === undefined || methods.includes(crc32cMethod);
  }

  /** What holds afterwards: `off` where the drive has no such protection. */
  async set(wanted: BlockProtection): Promise<BlockProtection> {
    const isTaken = await this.#apply(wanted);
    if (!isTaken && this.#state === "crc32c") throw unchanged(this.#channel.name);
    const isOn = isTaken && wanted === "crc32c" && (await this.#reads()) === "crc32c";
    // A drive that protects one direction alone would take blocks for longer or shorter than they are.
    if (isTaken && wanted === "crc32c" && !isOn) await this.#apply("off");
    this.#state = isOn ? "crc32c" : "off";
    this.#channel.keepSettings(isOn ? () => this.#renew() : undefined);
    return this.#state;
  }

  /** What the drive offers: its page, where it has one. */
  async #page(): Promise<{ readonly mode: ModeData; readonly page: ModePage } | undefined> {
    const cdb = modeSense6Cdb(modePage.control, controlDataProtection, allocationBytes);
    const data = await this.#channel.question(cdb, allocationBytes, doing);
    const mode = data === undefined ? undefined : parseMode6(data);
    const page = mode?.pages.find((each) => each.page === modePage.control && each.subpage === controlDataProtection);
    return mode === undefined || page === undefined || page.body.length < 3 ? undefined : { mode, page };
  }

  async #reads(): Promise<BlockProtection> {
    const body = (await this.#page())?.page.body;
    const isOn = body?.[0] === crc32cMethod && ((body[2] ?? 0) & 0xc0) === 0xc0;
    return isOn ? "crc32c" : "off";
  }

  /** False where the drive has no such page, or does not take this method. */
  async #apply(wanted: BlockProtection): Promise<boolean> {
    const found = await this.#page();
    if (found === undefined) return false;
    const body = Uint8Array.from(found.page.body);
    body.set(wanted === "crc32c" ? [crc32cMethod, blockGuardBytes, bothDirections] : [0, 0, 0]);
    // No block descriptor: density and block size stay as they are. Buffered mode is part of the header.
    const pages = [{ ...found.page, body }];
    const dataOut = buildMode6({ ...found.mode, mediumType: 0, writeProtected: false, densityCode: undefined, pages });
    dataOut[0] = 0;
    const { sense } = await this.#channel.ask({ cdb: modeSelect6Cdb(dataOut.length), dataOut, timeoutMs: timeoutMs.question }, doing);
    if (sense === undefined || isRemark(sense)) return true;
    if (sense.key === senseKey.illegalRequest) return false;
    throw this.#channel.failure(sense, doing);
  }

  async #renew(): Promise<void> {
    if (!(await this.#apply("crc32c")) || (await this.#reads()) !== "crc32c") throw unchanged(this.#channel.name);
  }
}

function unchanged(name: string): StrongroomError {
  return new StrongroomError(
    "failed", "PROTECTION_LOST", `drive ${name} does not take the protection of blocks that it took before; nothing more was written`,
    { hint: "repeat the work; if it stays so, have the drive looked at" },
  );
}
