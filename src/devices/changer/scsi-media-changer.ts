import {
  type Answer, converse, type ElementRanges, exchangeMediumCdb, initializeElementStatusCdb, inquiryBytes, inquiryCdb, mailSlotCdb, modePage,
  modeSense6Cdb, moveMediumCdb, parseElementRanges, parseExchangesDrives, parseInquiry, parseMode6, parseSerialNumber, type Patience,
  preventRemovalCdb, type ScsiCommand, type Sense, senseKey, senseMeaning, testUnitReadyCdb, type Transport, vitalPage,
} from "../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import type { ChangerCondition, Element, ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
import { ElementReader } from "./element-reading.ts";
import { failureOf } from "./failures.ts";
import { addressOf, elementOf, kinds, withReach } from "./inventory.ts";
import { type ChangerLimits, defaultLimits, learnLimits } from "./timeouts.ts";

export interface MediaChangerOptions {
  /** How long a command waits while the library is becoming ready; 30 minutes unless given: large ones look at every slot first. */
  readonly becomingReadyMs?: number;
  /** How long its commands may take; defaults that fit any library unless given. */
  readonly limits?: ChangerLimits;
}

/** As `openMediaChanger`, after asking the changer how long its commands take. Closes the transport when it does not answer. */
export async function openAskedMediaChanger(transport: Transport, clock: Clock, options: MediaChangerOptions = {}): Promise<MediaChanger> {
  try {
    return openMediaChanger(transport, clock, { ...options, limits: await learnLimits(transport, clock) });
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** A changer behind that transport. Sends nothing yet. `close` of the changer closes the transport. */
export function openMediaChanger(transport: Transport, clock: Clock, options: MediaChangerOptions = {}): MediaChanger {
  return new ScsiMediaChanger(transport, clock, options.becomingReadyMs ?? becomingReadyMs, options.limits ?? defaultLimits);
}

const becomingReadyMs = 30 * 60_000;
/** Somebody at work in the library changes it while it is read; for so long it is read anew. */
const readingLimit = 4;

class ScsiMediaChanger implements MediaChanger {
  readonly name: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #limitMs: ChangerLimits;
  readonly #reader: ElementReader;
  /** How often the changer told that something changed, since it was opened. */
  #news = 0;
  /** Whether it exchanges cartridges between slots and drives; undefined until it was asked. */
  #exchanges: boolean | undefined;

  constructor(transport: Transport, clock: Clock, waitMs: number, limits: ChangerLimits) {
    this.name = transport.name;
    this.#transport = transport;
    this.#clock = clock;
    this.#waitMs = waitMs;
    this.#limitMs = limits;
    this.#reader = new ElementReader({
      maxTransferBytes: transport.maxTransferBytes,
      ask: async (cdb, roomBytes) => await this.#ask(cdb, roomBytes, this.#limitMs.status),
      isRemark,
      refused: (sense) => failureOf(this.name, sense, "reading the inventory"),
      unreadable: () => this.#unreadable("what is in its elements"),
    });
  }

  async identity(): Promise<{ readonly vendor: string; readonly product: string; readonly revision: string; readonly serial: string }> {
    const doing = "asking who it is";
    const inquiry = parseInquiry(await this.#question(inquiryCdb(inquiryBytes), inquiryBytes, doing));
    if (inquiry === undefined) throw this.#unreadable("what it is");
    const page = await this.#ask(inquiryCdb(255, vitalPage.serialNumber), 255, this.#limitMs.question);
    const serial = page.sense === undefined ? parseSerialNumber(page.data) : undefined;
    const { vendor, product, revision } = inquiry;
    return { vendor, product, revision, serial: serial ?? "" };
  }

  async ready(limitMs: number): Promise<void> {
    const { sense } = await this.#send({ cdb: testUnitReadyCdb(), timeoutMs: this.#limitMs.question }, limitMs);
    if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, "waiting for it to become ready");
  }

  async inventory(): Promise<LibraryInventory> {
    for (let reading = 0; reading < readingLimit; reading += 1) {
      const ranges = await this.#ranges();
      const newsBefore = this.#news;
      const elements: Element[] = [];
      for (const { kind } of kinds) {
        for (const status of await this.#reader.read(ranges, kind)) {
          const element = elementOf(ranges, status);
          if (element?.kind === kind) elements.push(element);
        }
      }
      // What was read before the news and what was read after it do not belong together.
      if (this.#news === newsBefore) return { elements: withReach(elements) };
    }
    throw new StrongroomError("temporary", "LIBRARY_CHANGED", `changer ${this.name} does not stop changing while it is read; nothing was moved`, {
      hint: "wait until nobody works in the library, then repeat the work",
    });
  }

  async audit(): Promise<void> {
    const { sense } = await this.#send({ cdb: initializeElementStatusCdb(), timeoutMs: this.#limitMs.audit }, this.#waitMs);
    if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, "looking at every element");
  }

  async move(from: ElementReference, to: ElementReference): Promise<void> {
    const ranges = await this.#ranges();
    const cdb = moveMediumCdb(ranges.transports.first, this.#address(ranges, from), this.#address(ranges, to));
    const { sense } = await this.#send({ cdb, timeoutMs: this.#limitMs.move }, this.#waitMs);
    if (sense === undefined || isRemark(sense)) return;
    throw failureOf(this.name, sense, `moving from ${words(from)} to ${words(to)}`, true);
  }

  async exchange(from: ElementReference, through: ElementReference, to: ElementReference): Promise<"done" | "unsupported"> {
    this.#exchanges ??= await this.#claimsExchanges();
    if (!this.#exchanges) return "unsupported";
    const ranges = await this.#ranges();
    const [source, middle, target] = [this.#address(ranges, from), this.#address(ranges, through), this.#address(ranges, to)];
    const cdb = exchangeMediumCdb(ranges.transports.first, source, middle, target);
    const { sense } = await this.#send({ cdb, timeoutMs: 2 * this.#limitMs.move }, this.#waitMs);
    if (sense === undefined || isRemark(sense)) return "done";
    if (isUnknownCommand(sense)) {
      this.#exchanges = false;
      return "unsupported";
    }
    throw failureOf(this.name, sense, `exchanging ${words(from)} with ${words(through)}`, true);
  }

  async mailSlots(action: "open" | "close"): Promise<"done" | "unsupported"> {
    const { first, count } = (await this.#ranges()).mailSlots;
    if (count === 0) return "unsupported";
    return await this.#control(mailSlotCdb(first, action), `asking it to ${action} its mail slots`);
  }

  async holdMailSlots(held: boolean): Promise<"done" | "unsupported"> {
    return await this.#control(preventRemovalCdb(held), held ? "locking its mail slots" : "unlocking its mail slots");
  }

  async condition(): Promise<ChangerCondition> {
    const { sense } = await this.#send({ cdb: testUnitReadyCdb(), timeoutMs: this.#limitMs.question }, 0);
    if (sense === undefined || isRemark(sense)) return { ready: true, code: undefined, sentence: "ready", advice: undefined };
    const { sentence, advice } = senseMeaning(sense);
    return { ready: false, code: failureOf(this.name, sense, "saying how it is").code, sentence, advice };
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  #address(ranges: ElementRanges, reference: ElementReference): number {
    const address = addressOf(ranges, reference);
    if (address !== undefined) return address;
    throw new StrongroomError("missing", "ELEMENT_MISSING", `changer ${this.name} has no ${reference.kind} ${String(reference.number)}`, {
      hint: "look at the inventory for the elements that there are",
    });
  }

  /** Asked each time: libraries grow and are partitioned while they run. */
  async #ranges(): Promise<ElementRanges> {
    const data = await this.#question(modeSense6Cdb(modePage.elementAddressAssignment, 0, 255), 255, "asking for its elements");
    const page = parseMode6(data)?.pages.find((each) => each.page === modePage.elementAddressAssignment);
    const ranges = page === undefined ? undefined : parseElementRanges(page.body);
    if (ranges === undefined) throw this.#unreadable("which elements it has");
    return ranges;
  }

  /** Whether it says so; a changer without that page has no such command. */
  async #claimsExchanges(): Promise<boolean> {
    const { data, sense } = await this.#ask(modeSense6Cdb(modePage.changerCapabilities, 0, 255), 255, this.#limitMs.question);
    if (sense !== undefined && !isRemark(sense)) return false;
    const page = parseMode6(data)?.pages.find((each) => each.page === modePage.changerCapabilities);
    return page !== undefined && parseExchangesDrives(page.body);
  }

  async #control(cdb: Uint8Array, doing: string): Promise<"done" | "unsupported"> {
    const { sense } = await this.#send({ cdb, timeoutMs: this.#limitMs.status }, this.#waitMs);
    if (sense === undefined || isRemark(sense)) return "done";
    if (isUnknownCommand(sense)) return "unsupported";
    throw failureOf(this.name, sense, doing);
  }

  async #question(cdb: Uint8Array, roomBytes: number, doing: string): Promise<Uint8Array> {
    const { data, sense } = await this.#ask(cdb, roomBytes, this.#limitMs.question);
    if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, doing);
    return data;
  }

  async #ask(cdb: Uint8Array, roomBytes: number, limitMs: number): Promise<{ readonly data: Uint8Array; readonly sense: Sense | undefined }> {
    const dataIn = new Uint8Array(roomBytes);
    const { sense, transferredBytes } = await this.#send({ cdb, dataIn, timeoutMs: limitMs }, this.#waitMs);
    return { data: dataIn.subarray(0, transferredBytes), sense };
  }

  /** A changer refuses with a unit attention before it begins, so each that can be read may be absorbed: the inventory is asked anew anyhow. */
  async #send(command: ScsiCommand, waitMs: number): Promise<Answer> {
    const absorbs = (sense: Sense): boolean => {
      this.#news += 1;
      return !isUnknown(sense);
    };
    const patience: Patience = { absorbs, waitsFor: passes, waitMs };
    return await converse(this.#transport, this.#clock, command, patience);
  }

  #unreadable(what: string): StrongroomError {
    return new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", `changer ${this.name} does not say ${what}; nothing was moved`, {
      hint: "look into the library's own log, and repeat the work after a restart of the library",
    });
  }
}

/** Becoming ready, operation in progress, self-test; and an unqualified NOT READY while magazines are scanned. */
function passes(sense: Sense): boolean {
  return (sense.asc === 0x04 || sense.asc === 0x3e) && senseMeaning(sense).senseClass === "wait";
}

function isRemark(sense: Sense): boolean {
  return (sense.key === senseKey.noSense || sense.key === senseKey.recoveredError) && !isUnknown(sense);
}

function isUnknown(sense: Sense): boolean {
  return senseMeaning(sense).senseClass === "unsafe";
}

/** Commands that a changer may do without: not known, or known and not in this device (SPC-5, 4.5.6). */
function isUnknownCommand({ key, asc, ascq }: Sense): boolean {
  return key === senseKey.illegalRequest && ascq === 0 && (asc === 0x20 || asc === 0x24);
}

function words({ kind, number }: ElementReference): string {
  return `${kind} ${String(number)}`;
}
