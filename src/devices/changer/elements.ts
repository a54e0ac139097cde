import {
  type ElementRange,
  type ElementRanges,
  type ElementStatus,
  elementType,
  parseElementStatus,
  readElementStatusCdb,
} from "../../scsi/index.ts";
import { StrongroomError } from "../../words/index.ts";
import type { Element, ElementKind, ElementReference } from "./contract.ts";

/** Sends a command with room for an answer; returns what came. */
export type Ask = (cdb: Uint8Array, answerBytes: number, doing: string) => Promise<Uint8Array>;

/** Older changers keep 16 bits of the allocation length: never ask for more. */
const allocationBytes = 0xffff;
/** More than any library has; bounds what a device that answers nonsense can make of us. */
const elementsMax = 65_536;

interface Kind {
  readonly kind: ElementKind;
  readonly type: number;
  readonly range: ElementRange;
  /** What people call the first one. */
  readonly firstNumber: number;
}

/** The element addresses of a changer, and the names people use for them. */
export class ElementMap {
  readonly #kinds: readonly Kind[];

  constructor(ranges: ElementRanges) {
    this.#kinds = [
      { kind: "transport", type: elementType.transport, range: ranges.transports, firstNumber: 0 },
      { kind: "slot", type: elementType.slot, range: ranges.slots, firstNumber: 1 },
      { kind: "mail-slot", type: elementType.mailSlot, range: ranges.mailSlots, firstNumber: 1 },
      { kind: "drive", type: elementType.drive, range: ranges.drives, firstNumber: 0 },
    ];
  }

  addressOf({ kind, number }: ElementReference): number {
    const { range, firstNumber } = this.#kinds.find((one) => one.kind === kind)!;
    const index = number - firstNumber;
    if (Number.isInteger(index) && index >= 0 && index < range.count) return range.first + index;
    throw new StrongroomError("missing", "ELEMENT_UNKNOWN", `there is no ${kind.replace("-", " ")} ${String(number)}; nothing was moved`, {
      hint: "see: strongroom library show",
    });
  }

  referenceOf(address: number): ElementReference | undefined {
    for (const { kind, range, firstNumber } of this.#kinds) {
      const index = address - range.first;
      if (index >= 0 && index < range.count) return { kind, number: firstNumber + index };
    }
    return undefined;
  }

  /**
   * Every element, type by type, in as many requests as the changer needs: some cut their answer at 64 KiB, some send a few bytes too few, some report
   * fewer elements than were asked for. Drives are asked for their identifiers beside their tags, and without them where that is refused.
   */
  async read(ask: Ask): Promise<readonly Element[]> {
    const elements: Element[] = [];
    for (const kind of this.#kinds) {
      for (const status of await readKind(kind, ask)) elements.push(this.#elementOf(kind, status));
    }
    return elements;
  }

  #elementOf({ kind, range, firstNumber }: Kind, status: ElementStatus): Element {
    return {
      kind,
      number: firstNumber + status.address - range.first,
      address: status.address,
      full: status.full,
      barcode: status.full ? status.volumeTag : undefined,
      source: status.sourceAddress === undefined ? undefined : this.referenceOf(status.sourceAddress),
      // Slots and transports say nothing of access in SMC-3's older revisions: there the bit is for drives and mail slots alone.
      accessible: kind === "transport" || status.accessible,
      driveSerial: kind === "drive" ? status.deviceId : undefined,
      exception: status.exception,
    };
  }
}

async function readKind(kind: Kind, ask: Ask): Promise<readonly ElementStatus[]> {
  const found = new Map<number, ElementStatus>();
  const end = kind.range.first + Math.min(kind.range.count, elementsMax);
  for (let first = kind.range.first; first < end; ) {
    const part = await readPart(kind, first, end - first, ask);
    const fresh = part.filter(({ type, address }) => type === kind.type && address >= first && address < end);
    if (fresh.length === 0) break;
    for (const element of fresh) found.set(element.address, element);
    first = Math.max(...fresh.map(({ address }) => address)) + 1;
  }
  return [...found.values()].sort((a, b) => a.address - b.address);
}

async function readPart(kind: Kind, first: number, count: number, ask: Ask): Promise<readonly ElementStatus[]> {
  const request = { type: kind.type, first, count, volumeTags: true, deviceIds: kind.kind === "drive", allocationBytes };
  const data = await ask(readElementStatusCdb(request), allocationBytes, "reading its elements");
  const answer = parseElementStatus(data);
  if (answer) return answer.elements;
  throw new StrongroomError("failed", "DEVICE_ANSWER_UNREADABLE", "the changer's element status cannot be read", {
    hint: "restart the library, and try again",
  });
}
