import {
  converse,
  initializeElementStatusCdb,
  inquiryCdb,
  modePage,
  modeSense6Cdb,
  moveMediumCdb,
  parseElementRanges,
  parseInquiry,
  parseMode6,
  parseSerialNumber,
  type Sense,
  senseCode,
  senseKey,
  testUnitReadyCdb,
  type Transport,
  vitalPage,
} from "../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import type { ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
import { ElementMap } from "./elements.ts";
import { failureOf } from "./failures.ts";

/** How long each kind of command may take, in milliseconds: moves of a large library take minutes, an audit of one half an hour. */
const timeouts = { short: 60_000, status: 300_000, move: 600_000, audit: 1_800_000 } as const;
/** A library that was switched on looks at every slot first. */
const becomingReadyMs = 300_000;

/** A media changer over any transport, which it closes with itself. */
export async function openMediaChanger(transport: Transport, clock: Clock): Promise<MediaChanger> {
  const changer = new Changer(transport, clock);
  try {
    await changer.learn();
  } catch (error) {
    await transport.close();
    throw error;
  }
  return changer;
}

class Changer implements MediaChanger {
  readonly #transport: Transport;
  readonly #clock: Clock;
  #elements: ElementMap | undefined;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  get name(): string {
    return this.#transport.name;
  }

  /** Reads which addresses it has (SMC-3, 7.3.4). */
  async learn(): Promise<void> {
    await this.ready(becomingReadyMs);
    const data = await this.#ask(modeSense6Cdb(modePage.elementAddressAssignment, 0, 255), 255, "reading its element addresses");
    const page = parseMode6(data)?.pages.find((one) => one.page === modePage.elementAddressAssignment);
    const ranges = page && parseElementRanges(page.body);
    if (!ranges) {
      throw new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", `${this.name} does not say which elements it has`, {
        hint: "see whether this is a media changer at all",
      });
    }
    this.#elements = new ElementMap(ranges);
  }

  async identity(): Promise<{ vendor: string; product: string; revision: string; serial: string }> {
    const inquiry = parseInquiry(await this.#ask(inquiryCdb(96), 96, "asking what it is"));
    const serial = parseSerialNumber(await this.#ask(inquiryCdb(255, vitalPage.serialNumber), 255, "asking for its serial number"));
    return { vendor: inquiry?.vendor ?? "", product: inquiry?.product ?? "", revision: inquiry?.revision ?? "", serial: serial ?? "" };
  }

  async ready(timeoutMs: number): Promise<void> {
    await this.#execute(testUnitReadyCdb(), undefined, timeouts.short, "asking whether it is ready", timeoutMs);
  }

  async inventory(): Promise<LibraryInventory> {
    return { elements: await this.#elements!.read((cdb, answerBytes, doing) => this.#ask(cdb, answerBytes, doing)) };
  }

  async audit(): Promise<void> {
    await this.#execute(initializeElementStatusCdb(), undefined, timeouts.audit, "looking at its elements");
  }

  async move(from: ElementReference, to: ElementReference): Promise<void> {
    const map = this.#elements!;
    await this.#execute(moveMediumCdb(0, map.addressOf(from), map.addressOf(to)), undefined, timeouts.move, "moving a cartridge");
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #ask(cdb: Uint8Array, answerBytes: number, doing: string): Promise<Uint8Array> {
    const dataIn = new Uint8Array(answerBytes);
    const transferredBytes = await this.#execute(cdb, dataIn, timeouts.status, doing);
    return dataIn.subarray(0, transferredBytes);
  }

  async #execute(cdb: Uint8Array, dataIn: Uint8Array | undefined, timeoutMs: number, doing: string, waitMs = becomingReadyMs): Promise<number> {
    const command = { cdb, timeoutMs, ...(dataIn ? { dataIn } : {}) };
    const answer = await converse(this.#transport, this.#clock, command, { absorbs: () => true, waitsFor: isBecomingReady, waitMs });
    const { sense } = answer;
    if (sense === undefined || sense.key === senseKey.noSense || sense.key === senseKey.recoveredError) return answer.transferredBytes;
    throw failureOf(this.name, sense, doing);
  }
}

/** Every unit attention of a changer only says that what was known may be old, and nothing is remembered here. */
function isBecomingReady(sense: Sense): boolean {
  return senseCode(sense) === 0x0401 || senseCode(sense) === 0x0407;
}
