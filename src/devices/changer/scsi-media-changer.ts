import {
  type Answer, converse, elementType, type ElementRanges, type ElementStatus, initializeElementStatusCdb, inquiryBytes, inquiryCdb, modePage,
  modeSense6Cdb, moveMediumCdb, parseElementRanges, parseElementStatus, parseInquiry, parseMode6, parseSerialNumber, type Patience,
  readElementStatusCdb, type ScsiCommand, type Sense, senseKey, senseMeaning, testUnitReadyCdb, type Transport, vitalPage,
} from "../../scsi/index.ts";
import { type Clock, StrongroomError } from "../../words/index.ts";
import type { Element, ElementKind, ElementReference, LibraryInventory, MediaChanger } from "./contract.ts";
import { failureOf } from "./failures.ts";
import { addressOf, elementOf, kinds, rangeOf, withReach } from "./inventory.ts";

export interface MediaChangerOptions {
  /** How long a command waits while the library is becoming ready; 30 minutes unless given: large ones look at every slot first. */
  readonly becomingReadyMs?: number;
}

/** A changer behind that transport. Sends nothing yet. `close` of the changer closes the transport. */
export function openMediaChanger(transport: Transport, clock: Clock, options: MediaChangerOptions = {}): MediaChanger {
  return new ScsiMediaChanger(transport, clock, options.becomingReadyMs ?? 30 * minuteMs);
}

const minuteMs = 60_000;
const timeoutMs = { question: minuteMs, status: 5 * minuteMs, move: 15 * minuteMs, audit: 60 * minuteMs } as const;
/** Some changers look at the lower 16 bits of the allocation length alone. */
const statusBytes = 0xffff;
/** What one element of a page takes at most, with both volume tags and the longest identifier, rounded up. */
const elementBytes = 512;
const elementsAtOnce = Math.floor(statusBytes / elementBytes);

class ScsiMediaChanger implements MediaChanger {
  readonly name: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** Drives are asked for identifiers until the changer refuses; some take volume tags and identifiers in separate calls only. */
  #identifiers: "together" | "apart" | "none" = "together";

  constructor(transport: Transport, clock: Clock, waitMs: number) {
    this.name = transport.name;
    this.#transport = transport;
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  async identity(): Promise<{ readonly vendor: string; readonly product: string; readonly revision: string; readonly serial: string }> {
    const doing = "asking who it is";
    const inquiry = parseInquiry(await this.#question(inquiryCdb(inquiryBytes), inquiryBytes, doing));
    if (inquiry === undefined) throw this.#unreadable("what it is");
    const page = await this.#ask(inquiryCdb(255, vitalPage.serialNumber), 255, timeoutMs.question);
    const serial = page.sense === undefined ? parseSerialNumber(page.data) : undefined;
    const { vendor, product, revision } = inquiry;
    return { vendor, product, revision, serial: serial ?? "" };
  }

  async ready(limitMs: number): Promise<void> {
    const { sense } = await this.#send({ cdb: testUnitReadyCdb(), timeoutMs: timeoutMs.question }, limitMs);
    if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, "waiting for it to become ready");
  }

  async inventory(): Promise<LibraryInventory> {
    const ranges = await this.#ranges();
    const elements: Element[] = [];
    for (const { kind } of kinds) {
      const found = kind === "drive" ? await this.#drives(ranges) : await this.#elements(ranges, kind, true, false);
      for (const status of found) {
        const element = elementOf(ranges, status);
        if (element?.kind === kind) elements.push(element);
      }
    }
    return { elements: withReach(elements) };
  }

  async audit(): Promise<void> {
    const { sense } = await this.#send({ cdb: initializeElementStatusCdb(), timeoutMs: timeoutMs.audit }, this.#waitMs);
    if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, "looking at every element");
  }

  async move(from: ElementReference, to: ElementReference): Promise<void> {
    const ranges = await this.#ranges();
    const cdb = moveMediumCdb(ranges.transports.first, this.#address(ranges, from), this.#address(ranges, to));
    const { sense } = await this.#send({ cdb, timeoutMs: timeoutMs.move }, this.#waitMs);
    if (sense === undefined || isRemark(sense)) return;
    const doing = `moving from ${from.kind} ${String(from.number)} to ${to.kind} ${String(to.number)}`;
    throw failureOf(this.name, sense, doing, true);
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

  async #drives(ranges: ElementRanges): Promise<ElementStatus[]> {
    if (this.#identifiers === "together") {
      const both = await this.#tryElements(ranges, "drive", true, true);
      if (both !== undefined) return both;
      this.#identifiers = "apart";
    }
    const tagged = await this.#elements(ranges, "drive", true, false);
    if (this.#identifiers === "none") return tagged;
    const identified = await this.#tryElements(ranges, "drive", false, true);
    if (identified === undefined) this.#identifiers = "none";
    const idOf = new Map(identified?.map(({ address, deviceId }) => [address, deviceId]));
    return tagged.map((element) => ({ ...element, deviceId: idOf.get(element.address) }));
  }

  async #elements(ranges: ElementRanges, kind: ElementKind, volumeTags: boolean, deviceIds: boolean): Promise<ElementStatus[]> {
    const found = await this.#tryElements(ranges, kind, volumeTags, deviceIds);
    // Without a bar code reader some refuse volume tags.
    return found ?? (await this.#tryElements(ranges, kind, false, false)) ?? [];
  }

  /** Undefined when the changer refuses this kind of question. Goes on where an answer ended until all elements are there. */
  async #tryElements(ranges: ElementRanges, kind: ElementKind, volumeTags: boolean, deviceIds: boolean): Promise<ElementStatus[] | undefined> {
    const { first, count } = rangeOf(ranges, kind);
    const type = kinds.find((each) => each.kind === kind)?.type ?? elementType.all;
    const allocationBytes = Math.min(statusBytes, this.#transport.maxTransferBytes);
    const elements = new Map<number, ElementStatus>();
    for (let next = first; next < first + count; ) {
      const wanted = Math.min(elementsAtOnce, first + count - next);
      const cdb = readElementStatusCdb({ type, first: next, count: wanted, volumeTags, deviceIds, allocationBytes });
      const { data, sense } = await this.#ask(cdb, allocationBytes, timeoutMs.status);
      if (sense?.key === senseKey.illegalRequest && (volumeTags || deviceIds)) return undefined;
      if (sense !== undefined && !isRemark(sense)) throw failureOf(this.name, sense, "reading the inventory");
      const answer = parseElementStatus(data);
      if (answer === undefined) throw this.#unreadable("what is in its elements");
      const inRange = answer.elements.filter(({ address }) => address >= next && address < first + count);
      // A changer may stop early, and may leave elements out: only an answer without news ends the questions.
      if (inRange.length === 0) break;
      for (const element of inRange) elements.set(element.address, element);
      next = inRange.reduce((highest, { address }) => Math.max(highest, address), next) + 1;
    }
    return [...elements.values()].sort((one, other) => one.address - other.address);
  }

  async #question(cdb: Uint8Array, roomBytes: number, doing: string): Promise<Uint8Array> {
    const { data, sense } = await this.#ask(cdb, roomBytes, timeoutMs.question);
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
    const patience: Patience = { absorbs: (sense) => !isUnknown(sense), waitsFor: passes, waitMs };
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
