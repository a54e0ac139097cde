import { resolve } from "node:path";
import { printable, StrongroomError } from "../../words/index.ts";
import { wholeNumber } from "../reading/index.ts";
import type { BreakableDrive, BreakablePart, BrokenSpot, SimulatorHands } from "../simulator-hands.ts";
import type { Typed } from "./call.ts";
import type { ArgumentRecord, Command } from "./command.ts";

const folderArgument: ArgumentRecord = { name: "FOLDER", summary: "where the simulated library lives" };
const thingArgument: ArgumentRecord = { name: "THING", summary: "a cartridge by its barcode, drive:0, or the gripper transport:0" };

type Thing =
  | { readonly kind: "cartridge"; readonly barcode: string }
  | { readonly kind: "drive" | "gripper"; readonly number: number };

/** What can be broken of each kind, and how it is told afterwards. */
const breakable = {
  cartridge: { spot: "has a bad spot", end: "has a damaged end of data", chip: "has a chip that cannot be read", tape: "has a snapped tape" },
  drive: { eject: "does not let go of cartridges", fan: "has a fan that stands still", heat: "is too hot", dirt: "has a dirty head" },
  gripper: { gripper: "sticks at its next movement" },
} as const;

export const breakIt: Command = {
  noun: "simulator",
  verb: "break",
  summary: "break something of a cartridge, a drive or a gripper, until it is mended",
  details: "Of a cartridge: spot (part of what is recorded cannot be read), end (the end of data cannot be found), chip, or tape (it snaps). Of a drive: eject (it does not "
    + "let go of cartridges), fan, heat, or dirt (its head needs cleaning, by a cleaning cartridge or by mend). "
    + "Of transport:0: gripper (it sticks at its next movement). It stays broken in whichever drive and process, and takes effect at the next command.",
  arguments: [folderArgument, thingArgument, { name: "WHAT", summary: "spot, end, chip, tape; eject, fan, heat, dirt; or gripper" }],
  options: [
    { flags: "--file N", summary: "spot: which tape file, from 0" },
    { flags: "--byte N", summary: "spot: the first byte in it, from 0", otherwise: "0" },
    { flags: "--length N", summary: "spot: how many bytes", otherwise: "1" },
    { flags: "--objects FIRST-LAST", summary: "spot: logical objects, instead of a file" },
    { flags: "--tries N", summary: "spot: it is read at the Nth try, 2 to 100", otherwise: "never" },
    { flags: "--unwritable", summary: "spot: writing over it fails too, instead of healing it" },
    { flags: "--slight", summary: "dirt: the head asks for cleaning, instead of failing without it" },
  ],
  examples: [
    { line: "strongroom simulator break /srv/vtl SR0001L8 spot --file 3 --byte 1000", what: "then: strongroom volume verify SR0001L8" },
    { line: "strongroom simulator break /srv/vtl SR0001L8 spot --objects 40-60 --tries 2", what: "weak: read at the second try" },
    { line: "strongroom simulator break /srv/vtl SR0001L8 tape", what: "no drive lets go of it any more" },
    { line: "strongroom simulator break /srv/vtl drive:0 eject", what: "cartridges stay in the drive" },
    { line: "strongroom simulator break /srv/vtl drive:0 dirt", what: "then: strongroom drive clean" },
  ],
  async run({ typed, answer, simulator }) {
    const [folder, thing, what] = [resolve(typed.required("FOLDER")), thingTyped(typed), typed.required("WHAT")];
    const told = toldOf(thing, what);
    if (what !== "spot") mustHaveNoSpot(typed);
    if (what !== "dirt" && typed.flag("--slight")) throw notSlight();
    const covered = what === "spot" && thing.kind === "cartridge" ? await (await simulator()).hands.breakSpot(folder, thing.barcode, spotTyped(typed)) : undefined;
    if (covered === undefined) await doBreak((await simulator()).hands, folder, thing, what, typed.flag("--slight"));
    const objects = covered === undefined ? {} : { objects: [covered.first, covered.last] };
    answer.document({ thing: nameOf(thing), broken: what, ...objects }, () => {
      const where = covered === undefined ? "" : ` at the objects ${String(covered.first)} to ${String(covered.last)}`;
      answer.line(`${printable(nameOf(thing))} ${told}${where}`);
    });
    answer.next(`strongroom simulator mend ${printable(folder)} ${printable(nameOf(thing))}`);
  },
};

export const mend: Command = {
  noun: "simulator",
  verb: "mend",
  summary: "mend what was broken of a cartridge, a drive or a gripper",
  details: "A cartridge with a snapped tape is taken out of the drive that holds it, and is on the shelf then.",
  arguments: [folderArgument, thingArgument, { name: "WHAT", summary: "what simulator break calls it; everything where it is left out", optional: true }],
  examples: [
    { line: "strongroom simulator mend /srv/vtl SR0001L8", what: "everything of the cartridge" },
    { line: "strongroom simulator mend /srv/vtl drive:0 eject", what: "the drive lets go of cartridges again" },
  ],
  async run({ typed, answer, simulator }) {
    const [folder, thing, what] = [resolve(typed.required("FOLDER")), thingTyped(typed), typed.argument("WHAT")];
    if (what !== undefined) toldOf(thing, what);
    await doMend((await simulator()).hands, folder, thing, what);
    answer.document({ thing: nameOf(thing), mended: what ?? null }, () => {
      answer.line(what === undefined ? `${printable(nameOf(thing))} is whole` : `${printable(nameOf(thing))}: ${what} is mended`);
    });
  },
};

async function doBreak(hands: SimulatorHands, folder: string, thing: Thing, what: string, isSlight: boolean): Promise<void> {
  if (thing.kind === "cartridge") await hands.breakCartridge(folder, thing.barcode, what as BreakablePart);
  else if (thing.kind === "drive" && what === "dirt") await hands.setDirt(folder, thing.number, isSlight ? "requested" : "required");
  else if (thing.kind === "drive") await hands.breakDrive(folder, thing.number, what as BreakableDrive);
  else await hands.setGripper(folder, thing.number, true);
}

async function doMend(hands: SimulatorHands, folder: string, thing: Thing, what: string | undefined): Promise<void> {
  if (thing.kind === "cartridge") await hands.mendCartridge(folder, thing.barcode, what as "spot" | BreakablePart | undefined);
  else if (thing.kind === "drive") await mendDrive(hands, folder, thing.number, what);
  else await hands.setGripper(folder, thing.number, false);
}

async function mendDrive(hands: SimulatorHands, folder: string, drive: number, what: string | undefined): Promise<void> {
  if (what !== "dirt") await hands.mendDrive(folder, drive, what as BreakableDrive | undefined);
  if (what === undefined || what === "dirt") await hands.setDirt(folder, drive, "clean");
}

/** A barcode has no colon. */
function thingTyped(typed: Typed): Thing {
  const name = typed.required("THING");
  if (!name.includes(":")) return { kind: "cartridge", barcode: name };
  const match = /^(drive|transport):(\d{1,3})$/.exec(name);
  if (match !== null) return { kind: match[1] === "drive" ? "drive" : "gripper", number: Number(match[2]) };
  throw new StrongroomError("usage", "THING_INVALID", `${printable(name)} is nothing that can be broken`, { hint: "write a barcode, drive:0 or transport:0" });
}

function nameOf(thing: Thing): string {
  if (thing.kind === "cartridge") return thing.barcode;
  return `${thing.kind === "drive" ? "drive" : "transport"}:${String(thing.number)}`;
}

function toldOf({ kind }: Thing, what: string): string {
  const known: Readonly<Record<string, string>> = breakable[kind];
  const told = Object.hasOwn(known, what) ? known[what] : undefined;
  if (told !== undefined) return told;
  throw new StrongroomError("usage", "BREAKAGE_INVALID", `a ${kind} has no ${printable(what)} that could be broken`, { hint: `name one of ${Object.keys(known).join(", ")}` });
}

function spotTyped(typed: Typed): BrokenSpot {
  const [objects, file, tries] = [typed.option("--objects"), typed.option("--file"), typed.option("--tries")];
  if ((objects === undefined) === (file === undefined)) {
    throw new StrongroomError("usage", "SPOT_INVALID", "a spot is somewhere in one tape file, or covers objects", { hint: "give --file with --byte and --length, or --objects 40-60" });
  }
  return {
    at: objects === undefined
      ? {
          file: wholeNumber(file!, "--file", 0, 1_000_000_000),
          byte: wholeNumber(typed.option("--byte") ?? "0", "--byte", 0, Number.MAX_SAFE_INTEGER),
          lengthBytes: wholeNumber(typed.option("--length") ?? "1", "--length", 1, Number.MAX_SAFE_INTEGER),
        }
      : { objects: objectsTyped(objects) },
    readAtTry: tries === undefined ? undefined : wholeNumber(tries, "--tries", 2, 100),
    failsWriting: typed.flag("--unwritable"),
  };
}

function objectsTyped(objects: string): readonly [number, number] {
  const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(objects);
  if (match !== null) return [Number(match[1]), Number(match[2] ?? match[1])];
  throw new StrongroomError("usage", "SPOT_INVALID", `${printable(objects)} are no objects`, { hint: "write --objects 40-60" });
}

function notSlight(): StrongroomError {
  return new StrongroomError("usage", "BREAKAGE_INVALID", "--slight says how dirty a head is, and nothing but dirt is slight", { hint: "leave it out" });
}

function mustHaveNoSpot(typed: Typed): void {
  const given = ["--file", "--byte", "--length", "--objects", "--tries"].find((option) => typed.option(option) !== undefined) ?? (typed.flag("--unwritable") ? "--unwritable" : undefined);
  if (given !== undefined) throw new StrongroomError("usage", "SPOT_INVALID", `${given} says where a spot is, and nothing but a spot is somewhere`, { hint: "leave it out" });
}
