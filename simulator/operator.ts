import { driveModel } from "./models/index.ts";
import type { RandomBytes } from "../src/words/index.ts";
import { contentOf, placeAt, withContent } from "./changer/index.ts";
import { type BreakingHands, breakingHands, mustBeFree, type OpeningHands, openingHands, refusal, type SoilingHands, soilingHands, type SwitchingHands, switchingHands } from "./hands/index.ts";
import {
  type CartridgeCondition,
  type CartridgeDescription,
  type CartridgeFacts,
  describeCartridge,
  type LibraryHome,
  type LibraryState,
} from "./home/index.ts";

/** Where a cartridge is: an element numbered from 0 among its kind, or the shelf beside the library. */
export type CartridgePlace =
  { readonly where: "shelf" } | { readonly where: "slot" | "mailSlot" | "drive" | "transport"; readonly number: number };

export interface CartridgeListing extends CartridgeFacts, CartridgeCondition {
  readonly place: CartridgePlace;
}

/** What a person can do to a library by hand. */
export interface OperatorHands extends BreakingHands, OpeningHands, SoilingHands, SwitchingHands {
  list(): Promise<readonly CartridgeListing[]>;
  /** Whether there is such a cartridge, wherever it is. */
  knows(barcode: string): Promise<boolean>;
  /** Makes a cartridge, which lies on the shelf then. */
  addCartridge(description: CartridgeDescription): Promise<void>;
  /** From the shelf into that mail slot, or the first that is empty; gives its number. */
  insert(barcode: string, mailSlot?: number): Promise<number>;
  /** From a mail slot to the shelf. */
  take(barcode: string): Promise<void>;
  /** Slides the tab; not while the cartridge is in a drive. */
  setWriteProtected(barcode: string, writeProtected: boolean): Promise<void>;
}

export function operatorHands(home: LibraryHome, random: RandomBytes): OperatorHands {
  return {
    ...breakingHands(home),
    ...openingHands(home),
    ...soilingHands(home),
    ...switchingHands(home),
    list: async () => {
      const places = placesOf(home.state());
      const listings: CartridgeListing[] = [];
      for (const barcode of await home.barcodes()) {
        listings.push({ ...(await home.facts(barcode)), place: places.get(barcode) ?? { where: "shelf" }, ...(await home.conditionOf(barcode)) });
      }
      return listings;
    },
    knows: async (barcode) => (await home.barcodes()).includes(barcode),
    addCartridge: async (description) => {
      const { content, drives } = home.state();
      const described = content === undefined ? description : { content, ...description };
      await home.addCartridge(describeCartridge(described, random, driveModel(drives[0]!.model)!.ownMedia));
    },
    insert: async (barcode, mailSlot) => {
      await home.facts(barcode);
      await mustBeFree(home);
      return home.change((state) => insertInto(state, barcode, mailSlot));
    },
    take: async (barcode) => {
      await mustBeFree(home);
      await home.change((state) => {
        const place = placeOf(state, barcode);
        if (place.where !== "mailSlot")
          {throw refusal("CARTRIDGE_ELSEWHERE", `${barcode} is in no mail slot`, "move it to a mail slot first");}
        return { state: touched(withContent(state, placeAt(state, "mailSlot", place.number), null)), result: undefined };
      });
    },
    setWriteProtected: async (barcode, writeProtected) => {
      if (placeOf(home.state(), barcode).where === "drive") {
        throw refusal(
          "CARTRIDGE_ELSEWHERE",
          `${barcode} is in a drive, where no hand reaches its tab`,
          "unload it and move it to a slot first",
        );
      }
      await home.setWriteProtected(barcode, writeProtected);
    },
  };
}

/** Of all cartridges in the library. */
function placesOf({ slots, mailSlots, drives, pickers }: LibraryState): ReadonlyMap<string, CartridgePlace> {
  const places = new Map<string, CartridgePlace>();
  const put = (where: "slot" | "mailSlot" | "drive" | "transport", contents: readonly ({ readonly barcode: string } | null)[]): void => {
    for (const [number, one] of contents.entries()) if (one !== null && !places.has(one.barcode)) places.set(one.barcode, { where, number });
  };
  put("slot", slots);
  put("mailSlot", mailSlots);
  put("drive", drives.map(({ cartridge }) => cartridge));
  put("transport", pickers.map(({ cartridge }) => cartridge));
  return places;
}

export function placeOf(state: LibraryState, barcode: string): CartridgePlace {
  return placesOf(state).get(barcode) ?? { where: "shelf" };
}

function insertInto(
  state: LibraryState,
  barcode: string,
  wanted: number | undefined,
): { readonly state: LibraryState; readonly result: number } {
  if (placeOf(state, barcode).where !== "shelf")
    {throw refusal("CARTRIDGE_ELSEWHERE", `${barcode} is in the library already`, "list the library to see where");}
  const number = wanted ?? state.mailSlots.indexOf(null);
  if (number < 0 || number >= state.mailSlots.length || contentOf(state, placeAt(state, "mailSlot", number)) !== null) {
    throw refusal("MAIL_SLOT_FULL", "no such mail slot is empty; nothing was inserted", "empty a mail slot first");
  }
  return { state: touched(withContent(state, placeAt(state, "mailSlot", number), { barcode, source: null, ejected: true })), result: number };
}

function touched(state: LibraryState): LibraryState {
  return { ...state, handsAtMailSlots: state.handsAtMailSlots + 1 };
}
