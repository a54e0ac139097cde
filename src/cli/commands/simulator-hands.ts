import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { nearest, wholeNumber } from "../reading/index.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command } from "./command.ts";
import { breakIt, mend } from "./simulator-break.ts";

const folderArgument: ArgumentRecord = { name: "FOLDER", summary: "where the simulated library lives" };
const barcodeArgument: ArgumentRecord = { name: "BARCODE", summary: "the cartridge" };
const driveOption = { flags: "--drive N", summary: "that drive alone, from 0", otherwise: "the whole library" } as const;

const power: Command = {
  noun: "simulator",
  verb: "power",
  summary: "switch a drive or the whole library off or on",
  details: "What is off answers nothing, and loses its reservations and what was not on the tape yet. Switched on again it begins anew.",
  arguments: [folderArgument, { name: "SWITCH", summary: "off or on" }],
  options: [driveOption],
  examples: [
    { line: "strongroom simulator power /srv/vtl off --drive 0", what: "the changer says that the drive is off" },
    { line: "strongroom simulator power /srv/vtl on", what: "the library; drives that were switched off stay off" },
  ],
  async run({ typed, answer, simulator }) {
    const isOn = oneOf(typed, "SWITCH", ["off", "on"]) === "on";
    const drive = driveTyped(typed);
    await (await simulator()).hands.setPower(resolve(typed.required("FOLDER")), drive, isOn);
    answer.document({ unit: unitName(drive), on: isOn }, () => { answer.line(`${unitName(drive)} is ${isOn ? "on" : "off"}`); });
  },
};

const cable: Command = {
  noun: "simulator",
  verb: "cable",
  summary: "pull the cable of a drive or the whole library, or plug it in",
  details: "Nobody reaches what has its cable out. It loses nothing meanwhile.",
  arguments: [folderArgument, { name: "WHAT", summary: "pull or plug" }],
  options: [driveOption],
  examples: [
    { line: "strongroom simulator cable /srv/vtl pull --drive 0", what: "its next command fails" },
    { line: "strongroom simulator cable /srv/vtl plug --drive 0", what: "it is there again, as it was" },
  ],
  async run({ typed, answer, simulator }) {
    const isIn = oneOf(typed, "WHAT", ["pull", "plug"]) === "plug";
    const drive = driveTyped(typed);
    await (await simulator()).hands.setCable(resolve(typed.required("FOLDER")), drive, isIn);
    answer.document({ unit: unitName(drive), plugged: isIn }, () => { answer.line(`the cable of ${unitName(drive)} is ${isIn ? "in" : "out"}`); });
  },
};

const door: Command = {
  noun: "simulator",
  verb: "door",
  summary: "open or close the door of a library, or the one before its mail slots",
  details: "Nothing moves while the door is open, and hands reach every slot.",
  arguments: [folderArgument, { name: "WHAT", summary: "open or close" }],
  options: [{ flags: "--mail", summary: "the door before the mail slots" }],
  examples: [
    { line: "strongroom simulator door /srv/vtl open", what: "then: strongroom simulator move /srv/vtl SR0001L8 slot:3" },
    { line: "strongroom simulator door /srv/vtl close", what: "the library looks into its slots" },
  ],
  async run({ typed, answer, simulator }) {
    const isOpen = oneOf(typed, "WHAT", ["open", "close"]) === "open";
    const which = typed.flag("--mail") ? "mail" : "door";
    await (await simulator()).hands.setDoor(resolve(typed.required("FOLDER")), which, isOpen);
    answer.document({ door: which, open: isOpen }, () => { answer.line(`the ${which === "mail" ? "mail door" : "door"} is ${isOpen ? "open" : "closed"}`); });
  },
};

const magazine: Command = {
  noun: "simulator",
  verb: "magazine",
  summary: "take a magazine out of a library, or put it in",
  details: "Its cartridges stay in it. Libraries have magazines where simulator create was told how many slots one has.",
  arguments: [folderArgument, { name: "WHAT", summary: "out or in" }, { name: "NUMBER", summary: "which, from 1" }],
  examples: [{ line: "strongroom simulator magazine /srv/vtl out 1", what: "the first; its slots cannot be reached" }],
  async run({ typed, answer, simulator }) {
    const isOut = oneOf(typed, "WHAT", ["out", "in"]) === "out";
    const number = wholeNumber(typed.required("NUMBER"), "NUMBER", 1, 10_000);
    await (await simulator()).hands.setMagazine(resolve(typed.required("FOLDER")), number, isOut);
    answer.document({ magazine: number, out: isOut }, () => { answer.line(`magazine:${String(number)} is ${isOut ? "out" : "in"}`); });
  },
};

const move: Command = {
  noun: "simulator",
  verb: "move",
  summary: "move a cartridge by hand, behind the library's back",
  details: "Hands reach slots through the open door, or in a magazine that is out. A cartridge can be left in a gripper too, as when a movement was cut short.",
  arguments: [folderArgument, barcodeArgument, { name: "PLACE", summary: "slot:3, shelf, or transport:0 for the gripper" }],
  examples: [
    { line: "strongroom simulator move /srv/vtl SR0001L8 slot:3", what: "after: strongroom simulator door /srv/vtl open" },
    { line: "strongroom simulator move /srv/vtl SR0001L8 shelf", what: "it is gone from the library" },
  ],
  async run({ typed, answer, simulator }) {
    const barcode = typed.required("BARCODE");
    const [place, to] = placeTyped(typed.required("PLACE"));
    await (await simulator()).hands.moveByHand(resolve(typed.required("FOLDER")), barcode, to);
    answer.document({ barcode, place }, () => { answer.line(`${printable(barcode)} is ${place === "shelf" ? "on the shelf" : `in ${place}`}`); });
  },
};

const relabel: Command = {
  noun: "simulator",
  verb: "relabel",
  summary: "give a cartridge another label, or one that cannot be read",
  details: "It stays the same cartridge to simulator commands; only what the library reads changes. Two cartridges may have one label.",
  arguments: [folderArgument, barcodeArgument, { name: "LABEL", summary: "what is read; its own barcode where it is left out", optional: true }],
  options: [{ flags: "--unreadable", summary: "nothing is read" }],
  examples: [
    { line: "strongroom simulator relabel /srv/vtl SR0001L8 SR0002L8", what: "a duplicate of another label" },
    { line: "strongroom simulator relabel /srv/vtl SR0001L8 --unreadable", what: "no barcode is read" },
    { line: "strongroom simulator relabel /srv/vtl SR0001L8", what: "its own label again" },
  ],
  async run({ typed, answer, simulator }) {
    const [barcode, label, isUnreadable] = [typed.required("BARCODE"), typed.argument("LABEL"), typed.flag("--unreadable")];
    if (isUnreadable && label !== undefined) {
      throw new StrongroomError("usage", "LABEL_INVALID", "a label that cannot be read says nothing; nothing was changed", { hint: "give a label or --unreadable" });
    }
    await (await simulator()).hands.relabel(resolve(typed.required("FOLDER")), barcode, isUnreadable ? null : label);
    answer.document({ barcode, label: isUnreadable ? null : (label ?? barcode) }, () => {
      answer.line(isUnreadable ? `the label of ${printable(barcode)} cannot be read` : `${printable(barcode)} is labelled ${printable(label ?? barcode)}`);
    });
  },
};

export const handCommands: readonly Command[] = [breakIt, mend, power, cable, door, magazine, move, relabel];

function oneOf<Word extends string>(typed: Typed, argument: string, words: readonly Word[]): Word {
  const given = typed.required(argument);
  const known = words.find((word) => word === given);
  if (known !== undefined) return known;
  const meant = nearest(given, words);
  throw new StrongroomError("usage", "ARGUMENTS_INVALID", `${argument} is ${words.join(" or ")}, not ${printable(given)}; nothing was changed`, {
    hint: meant === undefined ? `write ${words.join(" or ")}` : `did you mean ${meant}?`,
  });
}

function driveTyped(typed: Typed): number | undefined {
  const drive = typed.option("--drive");
  return drive === undefined ? undefined : wholeNumber(drive, "--drive", 0, 999);
}

function unitName(drive: number | undefined): string {
  return drive === undefined ? "the library" : `drive:${String(drive)}`;
}

type HandPlace = "shelf" | { readonly slot: number } | { readonly gripper: number };

function placeTyped(typed: string): readonly [string, HandPlace] {
  if (typed === "shelf") return ["shelf", "shelf"];
  const match = /^(slot|transport):(\d{1,5})$/.exec(typed);
  if (match === null || (match[1] === "slot" && Number(match[2]) === 0)) {
    throw new StrongroomError("usage", "ELEMENT_INVALID", `${printable(typed)} is no place for hands`, { hint: "write slot:3, shelf or transport:0" });
  }
  const number = Number(match[2]);
  return [`${match[1]!}:${String(number)}`, match[1] === "slot" ? { slot: number } : { gripper: number }];
}
