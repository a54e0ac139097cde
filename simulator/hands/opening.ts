import {
  closeDoor, closeMailDoor, freeGripper, insertMagazine, jamGripper, leaveInPicker, magazineCount, moveByHand, openDoor, openMailDoor, removeMagazine, setLabel,
} from "../changer/index.ts";
import type { ChangerCondition, LibraryHome, LibraryState, PickerState } from "../home/index.ts";
import { refusal } from "./refusal.ts";

export type Door = "door" | "mail";

/** What hands do to a changer behind its doors. It lasts until they put it right, whoever has the library open. Everything is counted from 0. */
export interface OpeningHands {
  /** `mail`: the one before the mail slots, which a program may keep shut (MAIL_SLOTS_LOCKED). Nothing moves while one is open. */
  setDoor(door: Door, isOpen: boolean): Promise<void>;
  /** A magazine comes out, or goes in, with the cartridges that are in it. */
  setMagazine(magazine: number, isOut: boolean): Promise<void>;
  /** Behind the changer's back, from wherever hands reach it: the shelf, an open door, a magazine that is out. */
  moveByHand(barcode: string, to: { readonly slot: number } | "shelf"): Promise<void>;
  /** What a reader sees on that cartridge: another text, null nothing readable, undefined its own barcode again. */
  relabel(barcode: string, seen: string | null | undefined): Promise<void>;
  /** Jammed, the gripper sticks at its next movement with a cartridge in hand. */
  setGripper(picker: number, isJammed: boolean): Promise<void>;
  /** As when a movement was cut short. */
  leaveInPicker(barcode: string, picker: number): Promise<void>;
  /** How each gripper is. */
  grippers(): readonly PickerState["gripper"][];
  changer(): ChangerCondition & { readonly magazines: number };
}

export function openingHands(home: LibraryHome): OpeningHands {
  const edit = async (change: (state: LibraryState) => LibraryState): Promise<void> => {
    await home.change((state) => ({ state: change(state), result: undefined }));
  };
  return {
    setDoor: async (door, isOpen) => {
      if (door === "mail" && isOpen) await mustBeFree(home);
      await edit(door === "mail" ? (isOpen ? openMailDoor : closeMailDoor) : isOpen ? openDoor : closeDoor);
    },
    setMagazine: (magazine, isOut) => edit((state) => (isOut ? removeMagazine(state, magazine) : insertMagazine(state, magazine))),
    moveByHand: async (barcode, to) => {
      await home.facts(barcode);
      await edit((state) => moveByHand(state, barcode, to));
    },
    relabel: async (barcode, seen) => {
      await home.facts(barcode);
      await edit((state) => setLabel(state, barcode, seen));
    },
    setGripper: (picker, isJammed) => edit((state) => (isJammed ? jamGripper(state, picker) : freeGripper(state, picker))),
    leaveInPicker: (barcode, picker) => edit((state) => leaveInPicker(state, barcode, picker)),
    grippers: () => home.state().pickers.map(({ gripper }) => gripper),
    changer: () => ({ ...home.state().changer, magazines: magazineCount(home.state()) }),
  };
}

export async function mustBeFree(home: LibraryHome): Promise<void> {
  if (await home.mailSlotsHeld()) throw refusal("MAIL_SLOTS_LOCKED", "a program keeps the mail slots shut; nothing was touched", "let that program finish first");
}
