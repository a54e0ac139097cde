import { describe, expect, it } from "vitest";
import type { CommandListener } from "../../src/console/index.ts";
import { confirmKey, screenLines } from "../../src/console/frame/index.ts";
import { look } from "../../src/console/picture/index.ts";
import { runPlainConsole } from "../../src/console/plain/index.ts";
import type { AppliancePicture, ConsoleState } from "../../src/console/state/index.ts";
import { tongues } from "../../src/console/tongue/index.ts";
import { type ConsoleEvent, type Effect, update } from "../../src/console/update/index.ts";
import { shownRows } from "../../src/console/views/index.ts";
import type { LibraryElement } from "../../src/operations/index.ts";
import { systemClock } from "../../src/words/index.ts";
import { picture, stateAt } from "./sample-picture.ts";

const words = tongues[0]!;
const noFiles = { snapshots: () => Promise.resolve([]), directory: () => Promise.resolve({ entries: [], hasMore: false }) };
const barcode = (number: number): string => `EX${String(number).padStart(4, "0")}L8`;
const codes = Array.from({ length: 20 }, (_, at) => barcode(at + 1));
const key = (name: string): ConsoleEvent => ({ kind: "key", key: name });
const scan = (code: string): ConsoleEvent => ({ kind: "scan", code });

/** A library with four mail slots, a robot that does what command lines say, and hands. */
class Room {
  readonly slots: (string | undefined)[];
  readonly mail: (string | undefined)[] = Array<string | undefined>(4).fill(undefined);
  readonly hand: string[] = [];
  readonly done: string[] = [];
  nowMs = picture.readMs;

  constructor(inside: readonly string[]) {
    this.slots = Array.from({ length: 40 }, (_, at) => inside[at]);
  }

  picture(): AppliancePicture {
    this.nowMs += 1000;
    const element = (kind: LibraryElement["kind"], number: number, code: string | undefined): LibraryElement => ({
      kind, number, address: number, full: code !== undefined, barcode: code, source: undefined, accessible: true, driveSerial: undefined,
      exception: undefined, trouble: undefined, duplicate: false, cleaning: undefined, cartridge: undefined, volume: undefined,
    });
    const elements = [...this.mail.map((code, at) => element("mail-slot", at + 1, code)), ...this.slots.map((code, at) => element("slot", at + 1, code))];
    const [first] = picture.libraries;
    return { ...picture, readMs: this.nowMs, drives: [], volumes: [], libraries: [{ ...first!, shownMs: this.nowMs - 1, shown: { ...first!.shown!, elements } }] };
  }

  run(line: readonly string[]): void {
    this.done.push(line.join(" "));
    if (line[1] === "export") for (const code of line.slice(3)) this.#move(code, this.slots, this.mail);
    else for (const code of [...this.mail]) if (code !== undefined) this.#move(code, this.mail, this.slots);
  }

  takeOut(): void {
    for (const code of this.mail) if (code !== undefined) this.hand.push(code);
    this.mail.fill(undefined);
  }

  insert(code: string): void {
    const free = this.mail.indexOf(undefined);
    expect(free, "a mail slot is free").toBeGreaterThanOrEqual(0);
    this.mail[free] = code;
  }

  #move(code: string, from: (string | undefined)[], to: (string | undefined)[]): void {
    const [at, free] = [from.indexOf(code), to.indexOf(undefined)];
    expect([at >= 0, free >= 0], `${code} can be moved`).toEqual([true, true]);
    from[at] = undefined;
    to[free] = code;
  }
}

/** The console before that room. Its commands end at once, and it looks again when it was asked to. */
class Desk {
  readonly room: Room;
  state: ConsoleState;

  constructor(room: Room, tongue = words) {
    this.room = room;
    this.tongue = tongue;
    this.state = stateAt(80, 24, { appliance: room.picture() });
  }

  readonly tongue: typeof words;

  does(...events: readonly ConsoleEvent[]): readonly Effect[] {
    const seen: Effect[] = [];
    for (const event of events) {
      const { state, effects } = update(this.state, event, this.tongue);
      this.state = state;
      seen.push(...effects);
      for (const effect of effects) if (effect.kind === "start") this.#run(effect);
    }
    return seen;
  }

  looks(): void {
    this.does({ kind: "picture", appliance: this.room.picture() });
  }

  fate(code: string): string | undefined {
    return shownRows({ appliance: this.state.appliance!, state: this.state, words: this.tongue }).find((row) => row.barcode === code)?.cells[1];
  }

  screen(): string {
    return screenLines(this.state, this.tongue, look("mono")).map((line) => line.map(({ text }) => text).join("").trimEnd()).join("\n");
  }

  #run({ words: line, task }: Extract<Effect, { kind: "start" }>): void {
    this.room.run(line);
    this.does({ kind: "task-ended", task, exitCode: 0 });
  }
}

const starts = (effects: readonly Effect[]): readonly string[] => effects.flatMap((effect) => (effect.kind === "start" ? [effect.words.join(" ")] : []));

describe("taking out by scanning", () => {
  it("brings twenty in batches of the mail slots, each behind its key, and sees by itself when they are taken", () => {
    const desk = new Desk(new Room([...codes, "EX0099L8"]));
    desk.does(key("o"), ...codes.map(scan));
    expect(desk.room.done).toEqual([]);
    for (let batch = 0; batch < 5; batch += 1) {
      expect(desk.screen()).toContain("F10 brings 4 to the mail slots");
      desk.does(key(confirmKey));
      expect(desk.screen()).toContain("the robot brings 4 cartridges");
      // A second press while the robot is at it does nothing.
      expect(starts(desk.does(key(confirmKey)))).toEqual([]);
      desk.looks();
      expect(desk.screen()).toContain("take 4 cartridges out of the mail slots");
      expect(starts(desk.does(key(confirmKey)))).toEqual([]);
      desk.room.takeOut();
      desk.looks();
    }
    expect(desk.room.done).toHaveLength(5);
    expect(desk.room.done[0]).toBe(`library export vtl ${codes.slice(0, 4).join(" ")}`);
    expect(desk.room.hand).toEqual(codes);
    expect(desk.screen()).toContain("20 of 20 done");
    expect(desk.room.slots.filter((code) => code !== undefined)).toEqual(["EX0099L8"]);
  });

  it("takes what was marked with Space, from the menu that a scan opens as well", () => {
    const desk = new Desk(new Room(codes));
    desk.does(key("5"), key("home"), key(" "), key(" "));
    expect([...desk.state.marked]).toEqual([barcode(1), barcode(2)]);
    expect(desk.screen()).toContain("EX0001L8 *");
    desk.does(scan(barcode(7)));
    const menu = shownRows({ appliance: desk.state.appliance!, state: desk.state, words }).find((row) => row.barcode === barcode(7))!;
    const at = menu.actions.findIndex(({ id }) => id === "takeOutMany");
    expect(menu.actions[at]!.text).toContain("3 marked");
    desk.does(...Array.from({ length: at }, () => key("down")), key("enter"));
    expect(desk.state.exchange?.listed).toEqual([barcode(1), barcode(2), barcode(7)]);
    // Leaving gives the marks back, and nothing was moved.
    desk.does(key("escape"));
    expect(desk.state.exchange).toBeUndefined();
    expect([...desk.state.marked].sort()).toEqual([barcode(1), barcode(2), barcode(7)]);
    expect(desk.room.done).toEqual([]);
  });

  it("fills what mail slots are free, and says when none is", () => {
    const room = new Room(codes);
    for (const code of ["YY0001L8", "YY0002L8", "YY0003L8"]) room.insert(code);
    const desk = new Desk(room);
    desk.does(key("o"), scan(barcode(1)), scan(barcode(2)));
    expect(starts(desk.does(key(confirmKey)))).toEqual([`library export vtl ${barcode(1)}`]);
    desk.looks();
    expect(desk.fate(barcode(1))).toBe("TAKE OUT");
    desk.room.mail.fill("YY0009L8");
    desk.looks();
    expect(desk.screen()).toContain("every mail slot is full");
  });

  it("refuses what no library has, and takes a scan back with Space", () => {
    const desk = new Desk(new Room(codes));
    desk.does(key("o"), scan("ZZ0001L8"), scan("--overwrite"));
    expect(desk.state.exchange?.listed).toEqual([]);
    expect(desk.state.notice?.severity).toBe("warn");
    desk.does(scan(barcode(3)), key(" "));
    expect(desk.state.exchange?.listed).toEqual([]);
  });

  it("is begun from the menu only behind a y", () => {
    const desk = new Desk(new Room(codes));
    desk.does(key("o"), scan(barcode(1)), key("enter"), key("enter"));
    expect(desk.state.overlay).toMatchObject({ kind: "confirm", action: "batch" });
    desk.does(scan(barcode(2)), key("enter"));
    expect(desk.room.done).toEqual([]);
    desk.does(key("enter"), key("enter"), key("y"));
    expect(desk.room.done).toHaveLength(1);
  });
});

describe("bringing in by scanning", () => {
  it("brings twenty in, and tells what is missing and what nobody listed", () => {
    const desk = new Desk(new Room(["EX0099L8"]));
    desk.does(key("i"));
    for (let batch = 0; batch < 5; batch += 1) {
      for (const code of codes.slice(batch * 4, batch * 4 + 4)) {
        desk.does(scan(code));
        // One stays in somebody's pocket, and another one comes in its place.
        if (code !== barcode(6)) desk.room.insert(code);
        else desk.room.insert("EX0077L8");
      }
      expect(desk.screen()).toContain("put 4 cartridges into the mail slots");
      desk.does(key(confirmKey));
      desk.looks();
    }
    expect(desk.room.done).toEqual(Array(5).fill("library import vtl"));
    expect(desk.fate(barcode(5))).toBe("is in");
    expect(desk.fate(barcode(6))).toBe("MISSING");
    expect(desk.fate("EX0077L8")).toBe("not listed");
    expect(desk.fate("EX0099L8")).toBeUndefined();
    expect(desk.screen()).toContain("19 of 20 done   1 MISSING; 1 not listed");
    // Found and scanned again, it is put in like any other.
    desk.does(scan(barcode(6)));
    expect(desk.fate(barcode(6))).toBe("PUT IN");
    desk.room.insert(barcode(6));
    desk.looks();
    expect(desk.screen()).toContain("F10 brings in 1 cartridge from the mail slots");
    desk.does(key(confirmKey));
    desk.looks();
    expect(desk.screen()).toContain("20 of 20 done");
  });

  it("knows what is expected by the marks, and says which scan was not", () => {
    const desk = new Desk(new Room([]));
    desk.state = { ...desk.state, marked: new Set(codes.slice(0, 3)) };
    desk.does(key("i"));
    expect(desk.fate(barcode(1))).toBe("expected");
    desk.does(scan(barcode(1)));
    expect(desk.fate(barcode(1))).toBe("PUT IN");
    desk.does(scan("EX0055L8"));
    expect(desk.state.notice).toMatchObject({ severity: "warn", text: "EX0055L8 was not expected; Space takes it off the list" });
    expect(desk.screen()).toContain("1 not listed");
  });

  it("says nothing to be missing by what a library showed before it failed", () => {
    const desk = new Desk(new Room([]));
    desk.does(key("i"), scan(barcode(1)), key(confirmKey));
    const failed = desk.room.picture();
    const trouble = { code: "LIBRARY_GONE", sentence: "it does not answer", hint: undefined };
    desk.does({ kind: "picture", appliance: { ...failed, libraries: failed.libraries.map((one) => ({ ...one, trouble })) } });
    expect(desk.state.exchange?.batch).toBeUndefined();
    expect(desk.fate(barcode(1))).toBe("PUT IN");
  });
});

it("looks as it was seen, in every language", async () => {
  for (const tongue of tongues) {
    const desk = new Desk(new Room(codes), tongue);
    desk.does(key("o"), ...codes.slice(0, 9).map(scan), key(confirmKey));
    desk.looks();
    await expect(`${desk.screen()}\n`).toMatchFileSnapshot(`screens/exchange-80x24-${tongue.code}.screen`);
    for (const line of desk.screen().split("\n")) expect(line).not.toMatch(/[~…]$/);
  }
});

it("never moves a cartridge by scans alone, whatever is scanned and typed between", () => {
  const desk = new Desk(new Room(codes));
  for (const opens of ["o", "i"]) {
    for (const between of ["", "enter", "down", " ", "a", "escape"]) {
      desk.does(key(opens), ...codes.slice(0, 3).flatMap((code) => (between === "" ? [scan(code)] : [scan(code), key(between)])), scan(barcode(1)));
      desk.does(key("escape"), key("escape"));
    }
  }
  expect(desk.room.done).toEqual([]);
});

describe("line by line", () => {
  async function play(room: Room, lines: readonly (string | (() => void))[]): Promise<string> {
    let transcript = "";
    const typed = [...lines];
    const reader = {
      readLine: (prompt: string) => {
        let line = typed.shift();
        while (typeof line === "function") {
          line();
          line = typed.shift();
        }
        transcript += `${prompt}${line ?? ""}\n`;
        return Promise.resolve(line);
      },
      readSecret: () => Promise.resolve(undefined),
      write: (text: string) => { transcript += text; },
    };
    const start = (line: readonly string[], _: unknown, listener: CommandListener): void => {
      room.run(line);
      listener.ended(0);
    };
    const feed = { read: () => Promise.resolve(room.picture()), losses: () => Promise.resolve({ pool: undefined, lastWrittenMs: undefined, copies: 0, onlyCopies: 0, elsewhere: [] }), ...noFiles };
    await runPlainConsole({ feed, commands: { start }, clock: { ...systemClock, nowMs: () => room.nowMs }, words }, reader, new AbortController().signal);
    return transcript;
  }

  it("takes twenty out and brings them in again", async () => {
    const room = new Room(codes);
    const out = Array.from({ length: 5 }, () => ["", "y", () => { room.takeOut(); }]).flat();
    const back = Array.from({ length: 5 }, (_, at) => [...codes.slice(at * 4, at * 4 + 4).flatMap((code) => [code, () => { room.insert(code); }]), "", "y"]).flat();
    const transcript = await play(room, ["o", ...codes, ...out, "", "q", "i", ...back, "q", "q"]);
    expect(room.done.filter((line) => line.startsWith("library export"))).toHaveLength(5);
    expect(room.done.filter((line) => line === "library import vtl")).toHaveLength(5);
    expect(room.hand).toEqual(codes);
    expect(room.slots.filter((code) => code !== undefined).sort()).toEqual(codes);
    expect(transcript).toContain("Enter brings 4 to the mail slots");
    expect(transcript).not.toContain("F10");
  });

  it("begins nothing for a scan where a y is asked for, and takes a scan back", async () => {
    const room = new Room(codes);
    const transcript = await play(room, ["o", barcode(1), "-", barcode(2), "", barcode(3), "q", "q"]);
    expect(room.done).toEqual([]);
    expect(transcript).toContain("EX0001L8 is not on the list any more");
  });
});
